# SPDX-License-Identifier: MIT
"""The two networks as PyTorch modules, under the parameter names that weight files use."""
import torch
from torch import nn

CLASSES = 10


class TwoParts(nn.Module):
    """Convolutions, then fully connected layers."""

    def __init__(self, feature_extractor, classifier):
        super().__init__()
        self.feature_extractor = nn.Sequential(*feature_extractor)
        self.classifier = nn.Sequential(*classifier)

    def forward(self, pixels):
        return self.classifier(torch.flatten(self.feature_extractor(pixels), 1))


def lenet():
    return TwoParts(
        [
            nn.Conv2d(1, 6, 5),
            nn.Tanh(),
            nn.AvgPool2d(2, 2),
            nn.Conv2d(6, 16, 5),
            nn.Tanh(),
            nn.AvgPool2d(2, 2),
            nn.Conv2d(16, 120, 4),
            nn.Tanh(),
        ],
        [nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, CLASSES)],
    )


def alexnet(dropout=0.5):
    def normalization():
        return nn.LocalResponseNorm(size=5, alpha=1e-4, beta=0.75, k=2.0)

    return TwoParts(
        [
            nn.Conv2d(1, 96, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            normalization(),
            nn.Conv2d(96, 256, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            normalization(),
            nn.Conv2d(256, 384, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(384, 384, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(384, 256, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
        ],
        [nn.Linear(1024, 4096), nn.ReLU(), nn.Dropout(dropout), nn.Linear(4096, CLASSES)],
    )

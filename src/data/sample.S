// SPDX-License-Identifier: MIT
// Embeds data/sample/ in the program. The files are found through the assembler's -I.

#ifdef __APPLE__
#define SYMBOL(name) _##name
        .const
#else
#define SYMBOL(name) name
        .section .rodata
#endif

        .globl SYMBOL(sample_train_images), SYMBOL(sample_train_images_end)
        .globl SYMBOL(sample_train_labels), SYMBOL(sample_train_labels_end)
        .globl SYMBOL(sample_test_images), SYMBOL(sample_test_images_end)
        .globl SYMBOL(sample_test_labels), SYMBOL(sample_test_labels_end)

SYMBOL(sample_train_images):
        .incbin "data/sample/train-images-idx3-ubyte.gz"
SYMBOL(sample_train_images_end):
SYMBOL(sample_train_labels):
        .incbin "data/sample/train-labels-idx1-ubyte.gz"
SYMBOL(sample_train_labels_end):
SYMBOL(sample_test_images):
        .incbin "data/sample/t10k-images-idx3-ubyte.gz"
SYMBOL(sample_test_images_end):
SYMBOL(sample_test_labels):
        .incbin "data/sample/t10k-labels-idx1-ubyte.gz"
SYMBOL(sample_test_labels_end):
        .byte 0

#ifdef __ELF__
        .section .note.GNU-stack, "", %progbits
#endif

# Scripts that measure; see README.md beside them.
EXTRA_DIST += \
	bench/README.md \
	bench/compare \
	bench/torch_rates.py

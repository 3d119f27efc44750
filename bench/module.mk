# Scripts that measure; see README.md beside them.
EXTRA_DIST += \
	bench/README.md \
	bench/common.py \
	bench/compare \
	bench/hosts \
	bench/hosts-model \
	bench/ranks \
	bench/refresh \
	bench/scaling \
	bench/screen \
	bench/startup \
	bench/torch_rates.py

# The slow link of bench/hosts: make delay_line, on Linux.
EXTRA_PROGRAMS += delay_line
delay_line_SOURCES = bench/delay_line.c

# Checks of the source tree and of what was built from it.
dist_check_SCRIPTS += \
	tests/tree/globals.sh \
	tests/tree/includes.sh \
	tests/tree/silence.sh
EXTRA_DIST += tests/tree/check.sh

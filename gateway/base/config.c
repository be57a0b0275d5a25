/* config.c - placeholder until loaded below. */
#include "base/config.h"

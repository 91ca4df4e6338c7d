// FileOffset, Error, Status and Result: errors as values. The public API has the same types.
#pragma once

#include "aiobench/error.h"

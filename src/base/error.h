// Errors as values, as the library's users see them too. FileOffset, Error, Status and Result.
#pragma once

#include "aiobench/error.h"

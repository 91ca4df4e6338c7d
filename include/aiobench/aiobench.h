// All of the library's public headers.
#pragma once

#include "aiobench/engines.h"
#include "aiobench/error.h"
#include "aiobench/hash_file.h"

// SPDX-License-Identifier: Apache-2.0
// Nothing: a target of CMake needs a source, so that headers.hpp is precompiled for it.

# SPDX-License-Identifier: Apache-2.0
# The training of hilbert train: IDX files, host arithmetic, the network, the check of its products. An application of
# the runtime, not part of the public library.
find_package(ZLIB REQUIRED)

add_library(hilbert_training STATIC idx.cpp train.cpp train_check.cpp train_dump.cpp train_math.cpp train_products.cpp)
target_include_directories(hilbert_training PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/host>)
target_link_libraries(hilbert_training PUBLIC hilbert_runtime Threads::Threads PRIVATE ZLIB::ZLIB fmt::fmt hilbert_warnings)
hilbert_quick(hilbert_training UNITY 3)
# No compiler may fuse a product and a sum that another machine rounds apart.
target_compile_options(hilbert_training PRIVATE -ffp-contract=off)

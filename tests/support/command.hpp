// SPDX-License-Identifier: Apache-2.0
// The program hilbert as a user runs it, for tests that read what it prints.
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <string>

namespace hilbert {

struct Outcome {
  int code = -1;
  std::string text;
};

/// Both outputs together, or standard output alone.
inline Outcome run_hilbert(const std::string& arguments, bool errors = true) {
  const std::string command = std::string(HILBERT_PROGRAM " ") + arguments + (errors ? " 2>&1" : " 2>/dev/null");
  FILE* pipe = ::popen(command.c_str(), "r");
  Outcome outcome;
  char buffer[4096];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) outcome.text.append(buffer, n);
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) outcome.code = WEXITSTATUS(status);
  return outcome;
}

}  // namespace hilbert

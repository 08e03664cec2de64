// Finds the program that a person named and says whether a library can be injected into it.
// Called by main before anything is started, so that a mistake costs one sentence and nothing else.
#pragma once

#include <string>
#include <variant>

#include "failure.h"

namespace heapatlas::launch {

// The path to execute: as named when the name has a slash, else by PATH as a shell does.
std::variant<std::string, Failure> find(const std::string& name);

// Empty sentence: the program can be started and watched. A script is judged by its interpreter.
Failure check(const std::string& path);

}  // namespace heapatlas::launch

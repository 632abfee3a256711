// What a user should know of the path that compiled inference takes.
#pragma once
#include <string>

namespace mdt {

// "" where networks can be planned on this machine, else why not. A network of its own may still not be.
std::string why_no_plans();

// The path in words: "planned with oneDNN 2.6.2", or "libtorch's executor (...)".
std::string inference_path();

// One line on stderr, once per process: compiled inference is slower than it could be.
void tell_slow_path(const std::string& reason);

// The first line of an error's text.
std::string first_line(const std::string& text);

}  // namespace mdt

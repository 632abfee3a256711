#include "notice.h"

#include <cstdio>
#include <mutex>

#ifdef MDT_ONEDNN
#include "dense/map.h"
#endif

namespace mdt {

std::string why_no_plans() {
#ifdef MDT_ONEDNN
    return dense::available() ? "" : "this processor has no AVX2";
#else
    return MDT_WHY_NO_PLANS;
#endif
}

std::string inference_path() {
#ifdef MDT_ONEDNN
    if (why_no_plans().empty()) return "planned with oneDNN " + onednn::version();
#endif
    return "libtorch's executor (" + why_no_plans() + ")";
}

void tell_slow_path(const std::string& reason) {
    static std::once_flag once;
    std::call_once(once, [&] {
        std::fprintf(stderr, "mmdet: compiled inference is slower than it could be: %s\n", first_line(reason).c_str());
    });
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace mdt

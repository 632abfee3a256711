// CPU memory of tensors. Page faults are dear, above all on virtual machines, and a network asks for the same large blocks
// in every pass: they are kept, on huge pages, instead of going back to the system each time.
//
// Kept blocks never raise the process above the most that was in use at one time (plus `Slack`): before the system is
// asked for more, the blocks that have waited longest go back. MMDET_ALLOCATOR=system turns all this off.
#include "border.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>

#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <list>
#include <map>
#include <mutex>
#include <unordered_map>

namespace {

constexpr size_t KiB = 1024, MiB = 1024 * KiB;
constexpr size_t Alignment = 64;         // of small blocks: a vector, a line of the cache
constexpr size_t HugePage = 2 * MiB;     // of large blocks: alignment
constexpr size_t Large = 1 * MiB;        // from here on, blocks are kept
constexpr size_t Granularity = 64 * KiB;  // of the sizes of large blocks
constexpr size_t Slack = 64 * MiB;

class CachingAllocator final : public c10::Allocator {
public:
    // Without `override`: libtorch 1.13 asks for the first, later versions for the second and third.
    c10::DataPtr allocate(size_t bytes) const { return instance().make(bytes); }
    c10::DataPtr allocate(size_t bytes) { return make(bytes); }
    void copy_data(void* target, const void* source, size_t bytes) const { std::memcpy(target, source, bytes); }
    c10::DeleterFnPtr raw_deleter() const override { return &release; }

    static CachingAllocator& instance() {
        static auto* const allocator = new CachingAllocator;  // outlives every tensor
        return *allocator;
    }

    void trim() {
        const std::lock_guard<std::mutex> lock(mutex_);
        while (!waiting_.empty()) give_back(waiting_.begin());
        malloc_trim(0);
    }

    void statistics(int64_t& in_use, int64_t& kept, int64_t& peak) {
        const std::lock_guard<std::mutex> lock(mutex_);
        in_use = static_cast<int64_t>(used_ + small_.load());
        kept = static_cast<int64_t>(kept_);
        peak = static_cast<int64_t>(peak_);
    }

private:
    struct Waiting {
        void* data;
        size_t size;
    };
    using Queue = std::list<Waiting>;  // longest waiting first

    c10::DataPtr make(size_t bytes) {
        void* const data = bytes == 0 ? nullptr : bytes < Large ? make_small(bytes) : make_large(bytes);
        return {data, data, &release, c10::Device(c10::DeviceType::CPU)};
    }

    static void release(void* data) {
        if (data != nullptr) instance().free(data);
    }

    void* make_small(size_t bytes) {
        void* data = nullptr;
        TORCH_CHECK(posix_memalign(&data, Alignment, bytes) == 0, "out of memory: ", bytes, " bytes asked");
        small_ += malloc_usable_size(data);
        return data;
    }

    void* make_large(size_t bytes) {
        const size_t size = (bytes + Granularity - 1) / Granularity * Granularity;
        const std::lock_guard<std::mutex> lock(mutex_);
        void* data = take_waiting(size);
        if (data == nullptr) data = map(size);
        used_ += sizes_.at(data);
        peak_ = std::max(peak_, used_);
        return data;
    }

    // The smallest kept block that is large enough and not much too large.
    void* take_waiting(size_t size) {
        const auto found = by_size_.lower_bound(size);
        if (found == by_size_.end() || found->first > size + size / 4) return nullptr;
        const auto place = found->second;
        void* const data = place->data;
        kept_ -= place->size;
        by_size_.erase(found);
        waiting_.erase(place);
        return data;
    }

    void* map(size_t size) {
        while (!waiting_.empty() && used_ + kept_ + size > std::max(peak_, used_ + size) + Slack) {
            give_back(waiting_.begin());
        }
        char* start = map_aligned(size);
        if (start == nullptr) {
            while (!waiting_.empty()) give_back(waiting_.begin());
            start = map_aligned(size);
        }
        TORCH_CHECK(start != nullptr, "out of memory: ", size, " bytes asked, ", used_, " in use");
        sizes_.emplace(start, size);
        return start;
    }

    static char* map_aligned(size_t size) {
        void* const raw =
            mmap(nullptr, size + HugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (raw == MAP_FAILED) return nullptr;
        char* const first = static_cast<char*>(raw);
        char* const start = first + (HugePage - reinterpret_cast<uintptr_t>(raw) % HugePage) % HugePage;
        if (start > first) munmap(first, static_cast<size_t>(start - first));
        munmap(start + size, static_cast<size_t>(first + HugePage - start));
        madvise(start, size, MADV_HUGEPAGE);
        return start;
    }

    void give_back(Queue::iterator place) {
        auto range = by_size_.equal_range(place->size);
        by_size_.erase(std::find_if(range.first, range.second, [&](const auto& e) { return e.second == place; }));
        munmap(place->data, place->size);
        sizes_.erase(place->data);
        kept_ -= place->size;
        waiting_.erase(place);
    }

    void free(void* data) {
        // Every large block lies at a multiple of a huge page; hardly any small one does.
        if (reinterpret_cast<uintptr_t>(data) % HugePage == 0) {
            const std::lock_guard<std::mutex> lock(mutex_);
            const auto found = sizes_.find(data);
            if (found != sizes_.end()) {
                const size_t size = found->second;
                used_ -= size;
                kept_ += size;
                waiting_.push_back({data, size});
                by_size_.emplace(size, std::prev(waiting_.end()));
                return;
            }
        }
        small_ -= malloc_usable_size(data);
        std::free(data);
    }

    std::mutex mutex_;
    std::unordered_map<void*, size_t> sizes_;  // of all large blocks
    Queue waiting_;
    std::multimap<size_t, Queue::iterator> by_size_;
    size_t used_ = 0, kept_ = 0, peak_ = 0;
    std::atomic<size_t> small_{0};
};

// Runs when the library is loaded, before the first tensor.
const bool installed = [] {
    const char* const choice = std::getenv("MMDET_ALLOCATOR");
    if (choice != nullptr && std::strcmp(choice, "system") == 0) return false;
    // For all others, oneDNN's scratch memory above all.
    mallopt(M_MMAP_THRESHOLD, static_cast<int>(32 * MiB));
    mallopt(M_TRIM_THRESHOLD, static_cast<int>(256 * MiB));
    mallopt(M_TOP_PAD, static_cast<int>(16 * MiB));
    c10::SetCPUAllocator(&CachingAllocator::instance(), /*priority=*/1);
    return true;
}();

}  // namespace

int32_t mdt_memory_trim() {
    return mdt::guarded([] { CachingAllocator::instance().trim(); });
}

int32_t mdt_memory_statistics(int64_t* in_use, int64_t* kept, int64_t* peak) {
    return mdt::guarded([&] { CachingAllocator::instance().statistics(*in_use, *kept, *peak); });
}

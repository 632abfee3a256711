// CPU memory of tensors. Page faults are dear, above all on virtual machines, and a network asks for the same memory in
// every pass: large blocks come from one arena, best fit first, and stay resident when they are free. Huge pages were
// tried: passes were 2% faster, but the first touch of the memory up to eight times slower (the host has to find it).
//
// Free memory never raises the process above the most that was in use at one time and a sixth: before the arena
// grows, free blocks go back to the system. MMDET_ALLOCATOR=system turns all this off.
#include "border.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <utility>

namespace {

constexpr size_t KiB = 1024, MiB = 1024 * KiB;
constexpr size_t Alignment = 64;  // of small blocks: a vector, a line of the cache
constexpr size_t Page = 4 * KiB;
constexpr size_t Large = 512 * KiB;  // from here on, blocks come from the arena
constexpr size_t LeastSlack = 64 * MiB;

size_t round_up(size_t value, size_t unit) { return (value + unit - 1) / unit * unit; }

// Best fit with coalescing, over one reserved range of addresses. Not safe for threads by itself.
class Arena {
public:
    // Reserves addresses, not memory: twice what the machine has. False where even that is refused.
    bool reserve() {
        const size_t machine =
            static_cast<size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<size_t>(sysconf(_SC_PAGESIZE));
        const size_t size = round_up(2 * machine, Page);
        void* const raw =
            mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (raw == MAP_FAILED) return false;
        start_ = static_cast<char*>(raw);
        end_ = start_ + size;
        add_free(start_, size, /*resident=*/false);
        return true;
    }

    bool holds(const void* data) const { return data >= start_ && data < end_; }

    void* take(size_t bytes) {
        const size_t size = round_up(bytes, Page);
        auto found = free_.lower_bound({size, nullptr});
        if (found == free_.end()) return nullptr;
        char* data = found->second;
        if (!blocks_.at(data).resident) {
            data = grow(data, size);
        } else {
            remove_free(data);
        }
        const Block block = blocks_.at(data);
        blocks_.at(data) = {size, /*free=*/false, /*resident=*/true};
        if (block.size > size) add_free(data + size, block.size - size, block.resident);
        used_ += size;
        peak_ = std::max(peak_, used_);
        return data;
    }

    void put_back(void* pointer) {
        auto* const data = static_cast<char*>(pointer);
        const size_t size = blocks_.at(data).size;
        used_ -= size;
        blocks_.erase(data);
        add_free(data, size, /*resident=*/true);
    }

    // Gives free memory back to the system, the largest blocks first, until no more than `limit` is left.
    void shrink(size_t limit) {
        for (auto place = free_.end(); place != free_.begin() && kept_ > limit;) {
            --place;
            const auto [size, data] = *place;
            if (!blocks_.at(data).resident) continue;
            remove_free(data);
            blocks_.erase(data);
            madvise(data, size, MADV_DONTNEED);
            add_free(data, size, /*resident=*/false);
            place = free_.end();
        }
    }

    size_t used() const { return used_; }
    size_t kept() const { return kept_; }
    size_t peak() const { return peak_; }

private:
    struct Block {
        size_t size;
        bool free;
        bool resident;  // backed by memory; free blocks are until they are given back
    };

    // A block at the place of the untouched free block `data`; it takes the free memory before it along.
    char* grow(char* data, size_t size) {
        remove_free(data);
        const auto place = blocks_.find(data);
        if (place != blocks_.begin()) {
            const auto before = std::prev(place);
            if (before->second.free && before->second.resident && before->second.size < size) {
                data = before->first;
                remove_free(data);
                before->second.size += place->second.size;
                before->second.resident = false;
                blocks_.erase(place);
            }
        }
        blocks_.at(data).free = false;  // shrinking must not join it to its neighbours
        const size_t peak = std::max(peak_, used_ + size), most = peak + std::max(LeastSlack, peak / 6);
        if (used_ + kept_ + size > most) shrink(most > used_ + size ? most - used_ - size : 0);
        return data;
    }

    // Joins the neighbours of the same kind.
    void add_free(char* data, size_t size, bool resident) {
        const auto next = blocks_.find(data + size);
        if (next != blocks_.end() && next->second.free && next->second.resident == resident) {
            size += next->second.size;
            remove_free(next->first);
            blocks_.erase(next);
        }
        auto place = blocks_.lower_bound(data);
        if (place != blocks_.begin()) {
            --place;
            const bool adjacent = place->first + place->second.size == data;
            if (adjacent && place->second.free && place->second.resident == resident) {
                data = place->first;
                size += place->second.size;
                remove_free(data);
                blocks_.erase(place);
            }
        }
        blocks_[data] = {size, /*free=*/true, resident};
        free_.insert({size, data});
        if (resident) kept_ += size;
    }

    void remove_free(char* data) {
        const Block& block = blocks_.at(data);
        free_.erase({block.size, data});
        if (block.resident) kept_ -= block.size;
    }

    char* start_ = nullptr;
    char* end_ = nullptr;
    std::map<char*, Block> blocks_;
    std::set<std::pair<size_t, char*>> free_;
    size_t used_ = 0, kept_ = 0, peak_ = 0;
};

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

    bool reserve() { return arena_.reserve(); }

    void trim() {
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            arena_.shrink(0);
        }
        malloc_trim(0);
    }

    void statistics(int64_t& in_use, int64_t& kept, int64_t& peak) {
        const std::lock_guard<std::mutex> lock(mutex_);
        in_use = static_cast<int64_t>(arena_.used() + small_.load());
        kept = static_cast<int64_t>(arena_.kept());
        peak = static_cast<int64_t>(arena_.peak());
    }

private:
    c10::DataPtr make(size_t bytes) {
        void* const data = bytes == 0 ? nullptr : bytes < Large ? make_small(bytes) : make_large(bytes);
        return {data, data, &release, c10::Device(c10::DeviceType::CPU)};
    }

    void* make_small(size_t bytes) {
        void* data = nullptr;
        TORCH_CHECK(posix_memalign(&data, Alignment, bytes) == 0, "out of memory: ", bytes, " bytes asked");
        small_ += malloc_usable_size(data);
        return data;
    }

    void* make_large(size_t bytes) {
        const std::lock_guard<std::mutex> lock(mutex_);
        void* const data = arena_.take(bytes);
        TORCH_CHECK(data != nullptr, "out of memory: ", bytes, " bytes asked, ", arena_.used(), " in use");
        return data;
    }

    static void release(void* data) {
        if (data != nullptr) instance().free(data);
    }

    void free(void* data) {
        if (arena_.holds(data)) {
            const std::lock_guard<std::mutex> lock(mutex_);
            arena_.put_back(data);
            return;
        }
        small_ -= malloc_usable_size(data);
        std::free(data);
    }

    std::mutex mutex_;
    Arena arena_;
    std::atomic<size_t> small_{0};
};

// Runs when the library is loaded, before the first tensor.
const bool installed = [] {
    const char* const choice = std::getenv("MMDET_ALLOCATOR");
    if (choice != nullptr && std::strcmp(choice, "system") == 0) return false;
    if (!CachingAllocator::instance().reserve()) return false;
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

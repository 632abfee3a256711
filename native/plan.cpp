#include "plan.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/passes/lower_tuples.h>
#include <torch/csrc/jit/runtime/operator.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <unordered_map>

#include "dense.h"

namespace mdt {

using c10::IValue;
using dense::Map;
using torch::jit::Node;
using torch::jit::Stack;
using torch::jit::Value;

namespace {

constexpr size_t Nothing = static_cast<size_t>(-1);

// One value of the graph at run time: as libtorch knows it, as a blocked map, or both.
struct Slot {
    IValue plain;
    bool has_plain = false;
    Map map;

    void set(IValue value) {
        plain = std::move(value);
        has_plain = true;
        map = {};
    }

    void set(Map value) {
        map = std::move(value);
        plain = {};
        has_plain = false;
    }

    const IValue& as_plain() {
        if (!has_plain) {
            plain = dense::to_plain(map);
            has_plain = true;
        }
        return plain;
    }

    const Map& as_map() {
        if (!map.defined()) map = dense::from_plain(plain.toTensor());
        return map;
    }

    bool is_map() const { return map.defined(); }
    bool can_be_map() const { return is_map() || (plain.isTensor() && dense::accepts(plain.toTensor())); }
};

using Slots = std::vector<Slot>;

// The tensors of a result: a tensor, or a tuple or list of results.
void flatten(const IValue& value, std::vector<at::Tensor>& result) {
    if (value.isTensor()) {
        result.push_back(value.toTensor());
    } else if (value.isTuple()) {
        for (const IValue& element : value.toTupleRef().elements()) flatten(element, result);
    } else if (value.isList()) {
        for (const IValue& element : value.toListRef()) flatten(element, result);
    } else {
        TORCH_CHECK(false, "the network must return tensors, got ", value.tagKind());
    }
}

class Step {
public:
    virtual ~Step() = default;
    virtual void run(Slots& slots) = 0;
    virtual std::string name() const = 0;

    std::vector<size_t> inputs;
    std::vector<size_t> outputs;
    std::vector<size_t> last_uses;  // freed when the step is done
    bool keeps(size_t slot) const { return std::find(last_uses.begin(), last_uses.end(), slot) == last_uses.end(); }
};

// An operator of libtorch, called as the interpreter would.
class OperatorStep : public Step {
public:
    explicit OperatorStep(Node* node)
        : operation_(node->getOperation()), name_(node->kind().toQualString()), mutates_(node->schema().is_mutable()) {}

    void run(Slots& slots) override {
        Stack stack;
        for (const size_t input : inputs) stack.push_back(slots[input].as_plain());
        operation_(stack);
        for (size_t i = 0; i < outputs.size(); ++i) slots[outputs[i]].set(stack[stack.size() - outputs.size() + i]);
        if (!mutates_) return;
        // The written tensor may be a view of any other: their maps are out of date.
        for (Slot& slot : slots) {
            if (slot.has_plain) slot.map = {};
        }
    }

    std::string name() const override { return name_; }

private:
    torch::jit::Operation operation_;
    std::string name_;
    bool mutates_;
};

class ListStep final : public Step {
public:
    explicit ListStep(Node* node) : type_(node->output()->type()->expect<c10::ListType>()->getElementType()) {}

    void run(Slots& slots) override {
        c10::impl::GenericList list(type_);
        for (const size_t input : inputs) list.push_back(slots[input].as_plain());
        slots[outputs[0]].set(IValue(std::move(list)));
    }

    std::string name() const override { return "list"; }

private:
    c10::TypePtr type_;
};

class TupleStep final : public Step {
public:
    void run(Slots& slots) override {
        std::vector<IValue> values;
        for (const size_t input : inputs) values.push_back(slots[input].as_plain());
        slots[outputs[0]].set(c10::ivalue::Tuple::create(std::move(values)));
    }

    std::string name() const override { return "tuple"; }
};

class UnpackStep final : public Step {
public:
    void run(Slots& slots) override {
        const IValue& value = slots[inputs[0]].as_plain();
        const std::vector<IValue> values =
            value.isTuple() ? value.toTupleRef().elements().vec() : value.toListRef().vec();
        TORCH_CHECK(values.size() == outputs.size(), "Plan: unpacking ", values.size(), " values to ", outputs.size());
        for (size_t i = 0; i < outputs.size(); ++i) slots[outputs[i]].set(values[i]);
    }

    std::string name() const override { return "unpack"; }
};

// aten::size(tensor, dimension): known without leaving the blocked layout.
class SizeStep final : public OperatorStep {
public:
    SizeStep(Node* node, int64_t dimension) : OperatorStep(node), dimension_(dimension) {}

    void run(Slots& slots) override {
        const Slot& slot = slots[inputs[0]];
        if (!slot.is_map()) return OperatorStep::run(slots);
        const int64_t sizes[] = {slot.map.batch, slot.map.channels, slot.map.height, slot.map.width};
        slots[outputs[0]].set(IValue(sizes[dimension_ < 0 ? dimension_ + 4 : dimension_]));
    }

private:
    int64_t dimension_;
};

// Runs on maps when the inputs are maps already and fit; as libtorch's operator otherwise.
template <typename Body>
class MapStep final : public OperatorStep {
public:
    MapStep(Node* node, size_t map_inputs, Body body) : OperatorStep(node), map_inputs_(map_inputs), body_(body) {}

    void run(Slots& slots) override {
        bool any = false, all = true;
        for (size_t i = 0; i < map_inputs_; ++i) {
            any = any || slots[inputs[i]].is_map();
            all = all && slots[inputs[i]].can_be_map();
        }
        Map result;
        if (any && all && (result = body_(slots, inputs)).defined()) {
            slots[outputs[0]].set(std::move(result));
        } else {
            OperatorStep::run(slots);
        }
    }

    std::string name() const override { return OperatorStep::name() + " on maps"; }

private:
    size_t map_inputs_;
    Body body_;
};

template <typename Body>
std::unique_ptr<Step> map_step(Node* node, size_t map_inputs, Body body) {
    return std::make_unique<MapStep<Body>>(node, map_inputs, body);
}

// aten::cat over channels: its maps are the elements of a list that is built here, not before.
class ConcatenationStep final : public Step {
public:
    explicit ConcatenationStep(int64_t dimension) : dimension_(dimension) {}

    void run(Slots& slots) override {
        bool any = false, all = true;
        for (const size_t input : inputs) {
            any = any || slots[input].is_map();
            all = all && slots[input].can_be_map();
        }
        if (any && all && (dimension_ == 1 || dimension_ == -3)) {
            std::vector<Map> maps;
            for (const size_t input : inputs) maps.push_back(slots[input].as_map());
            if (dense::can_concatenate(maps)) {
                slots[outputs[0]].set(dense::concatenate(maps));
                return;
            }
        }
        std::vector<at::Tensor> tensors;
        for (const size_t input : inputs) tensors.push_back(slots[input].as_plain().toTensor());
        slots[outputs[0]].set(at::cat(tensors, dimension_));
    }

    std::string name() const override { return "aten::cat on maps"; }

private:
    int64_t dimension_;
};

at::Tensor apply(const at::Tensor& x, const dense::ActivationOptions& options) {
    using dense::Activation;
    switch (options.kind) {
        case Activation::None: return x;
        case Activation::Relu: return at::relu(x);
        case Activation::LeakyRelu: return at::leaky_relu(x, options.alpha);
        case Activation::Sigmoid: return at::sigmoid(x);
        case Activation::Silu: return at::silu(x);
        case Activation::HardSwish: return at::hardswish(x);
        case Activation::Mish: return at::mish(x);
        case Activation::Elu: return at::elu(x, options.alpha);
        case Activation::Clip: return at::clamp(x, options.alpha, options.beta);
    }
    return x;
}

struct Folded {
    at::Tensor weight, bias, scale;  // y = conv(x, weight) * scale + bias; `scale` may be undefined
};

// inputs: the source, then the addend where there is one.
class ConvolutionStep final : public Step {
public:
    ConvolutionStep(Folded folded, std::shared_ptr<dense::Weights> weights, dense::ConvolutionOptions options)
        : folded_(std::move(folded)),
          options_(options),
          fast_(dense::make_convolution(std::move(weights), std::move(options))) {}

    void run(Slots& slots) override {
        Slot& source = slots[inputs[0]];
        Slot& target = slots[outputs[0]];
        Map addend, map;
        at::Tensor tensor;
        bool free = false;
        bool maps = source.can_be_map();
        if (options_.has_addend) {
            Slot& other = slots[inputs[1]];
            maps = maps && other.can_be_map();
            if (maps) {
                free = !keeps(inputs[1]) && inputs[0] != inputs[1];
                addend = other.as_map();
                // `other` and `addend` hold it; a third holder would see it change.
                free = free && addend.storage.use_count() == 2;
            }
        }
        const at::Tensor plain = maps && !source.is_map() ? source.plain.toTensor() : at::Tensor();
        if (maps && fast_->run(plain, source.map, addend, free, map, tensor)) {
            if (tensor.defined())
                target.set(IValue(std::move(tensor)));
            else
                target.set(std::move(map));
        } else {
            run_plain(slots);
        }
    }

    std::string name() const override {
        std::ostringstream text;
        text << "convolution " << folded_.weight.sizes();
        if (folded_.scale.defined()) text << " + batch normalisation";
        if (options_.has_addend) text << " + sum";
        if (options_.activation.kind != dense::Activation::None) text << " + activation";
        return text.str();
    }

private:
    void run_plain(Slots& slots) {
        at::Tensor y = at::convolution(slots[inputs[0]].as_plain().toTensor(), folded_.weight, {}, options_.stride,
                                       options_.padding, options_.dilation, false, {0, 0}, options_.groups);
        if (folded_.scale.defined()) y = at::mul(y, folded_.scale.view({-1, 1, 1}));
        if (folded_.bias.defined()) y = at::add(y, folded_.bias.view({-1, 1, 1}));
        if (options_.has_addend) y = at::add(y, slots[inputs[1]].as_plain().toTensor());
        slots[outputs[0]].set(IValue(apply(y, options_.activation)));
    }

    Folded folded_;
    dense::ConvolutionOptions options_;
    std::unique_ptr<dense::Convolution> fast_;
};

// ---- From the graph to steps ----------------------------------------------------------------------------------

class Builder {
public:
    explicit Builder(const torch::jit::Module& module) : graph_(module.get_method("forward").graph()->copy()) {
        torch::jit::Inline(*graph_);
        torch::jit::LowerSimpleTuples(graph_);
        torch::jit::EliminateDeadCode(graph_);
        known_[graph_->inputs()[0]] = module._ivalue();
        for (Node* node : graph_->nodes()) nodes_.push_back(node);
        for (size_t i = 0; i < nodes_.size(); ++i) place_[nodes_[i]] = i;
    }

    void build() {
        for (Node* node : nodes_) fold_known(node);
        for (Node* node : nodes_) {
            if (!done_.count(node) && node->kind() == c10::Symbol::fromQualString("aten::_convolution")) {
                fuse(node);
            }
        }
        for (size_t i = 1; i < graph_->inputs().size(); ++i) inputs.push_back(slot(graph_->inputs()[i]));
        for (Node* node : nodes_) {
            const auto fused = fused_.find(node);
            if (fused != fused_.end()) {
                steps.push_back(std::move(fused->second));
            } else if (!done_.count(node)) {
                emit(node);
            }
        }
        for (Value* output : graph_->outputs()) outputs.push_back(slot(output));
        note_last_uses();
    }

    std::vector<std::unique_ptr<Step>> steps;
    std::vector<size_t> inputs, outputs;
    Slots initial;  // constants

private:
    static bool is(const Node* node, const char* name) { return name == std::string(node->kind().toQualString()); }

    bool known(Value* value) const { return known_.count(value) != 0; }

    const IValue& constant(Value* value) const { return known_.at(value); }

    bool all_known(Node* node) const {
        return std::all_of(node->inputs().begin(), node->inputs().end(), [&](Value* v) { return known(v); });
    }

    // Parameters, constants, and lists and numbers made of them.
    void fold_known(Node* node) {
        TORCH_CHECK(node->blocks().empty(), "Plan: control flow is not supported");
        if (is(node, "prim::Constant")) {
            known_[node->output()] = *torch::jit::toIValue(node->output());
        } else if (is(node, "prim::GetAttr")) {
            TORCH_CHECK(known(node->input()), "Plan: an attribute of an unknown object");
            known_[node->output()] = constant(node->input()).toObjectRef().getAttr(node->s(c10::attr::name));
        } else if (is(node, "prim::ListConstruct") && all_known(node)) {
            c10::impl::GenericList list(node->output()->type()->expect<c10::ListType>()->getElementType());
            for (Value* input : node->inputs()) list.push_back(constant(input));
            known_[node->output()] = IValue(std::move(list));
        } else if ((is(node, "aten::Int") || is(node, "prim::NumToTensor")) && all_known(node)) {
            Stack stack{constant(node->input())};
            node->getOperation()(stack);
            known_[node->output()] = stack.back();
        } else {
            return;
        }
        done_.insert(node);
    }

    size_t slot(Value* value) {
        const auto found = slots_.find(value);
        if (found != slots_.end()) return found->second;
        const size_t index = initial.size();
        initial.emplace_back();
        if (known(value)) initial.back().set(constant(value));
        slots_[value] = index;
        return index;
    }

    // ---- Fusion

    static bool is_activation(Node* node, dense::ActivationOptions& options) {
        static const std::map<std::string, dense::Activation> kinds = {
            {"aten::relu", dense::Activation::Relu},
            {"aten::leaky_relu", dense::Activation::LeakyRelu},
            {"aten::sigmoid", dense::Activation::Sigmoid},
            {"aten::silu", dense::Activation::Silu},
            {"aten::hardswish", dense::Activation::HardSwish},
            {"aten::mish", dense::Activation::Mish},
            {"aten::elu", dense::Activation::Elu},
            {"aten::hardtanh", dense::Activation::Clip}};
        const auto found = kinds.find(pure_name(node));
        if (found == kinds.end()) return false;
        options.kind = found->second;
        return true;
    }

    bool read_activation(Node* node, dense::ActivationOptions& options) const {
        if (!is_activation(node, options)) return false;
        const auto number = [&](size_t index, float& result) {
            if (!known(node->input(index))) return false;
            result = constant(node->input(index)).toScalar().toFloat();
            return true;
        };
        switch (options.kind) {
            case dense::Activation::Silu: options.alpha = 1; return true;
            case dense::Activation::LeakyRelu: return number(1, options.alpha);
            case dense::Activation::Clip: return number(1, options.alpha) && number(2, options.beta);
            case dense::Activation::Elu: {
                float scale = 0, input_scale = 0;
                return number(1, options.alpha) && number(2, scale) && number(3, input_scale) && scale == 1 &&
                       input_scale == 1;
            }
            default: return true;
        }
    }

    // The name without the mark of an in-place operator.
    static std::string pure_name(const Node* node) {
        std::string name = node->kind().toQualString();
        if (name.size() > 1 && name.back() == '_' && name[name.size() - 2] != '_') name.pop_back();
        return name;
    }

    static bool in_place(const Node* node) {
        const auto* schema = node->maybeSchema();
        return schema && schema->is_mutable();
    }

    // Whether an in-place operator may give a new tensor instead: its argument is fresh, and nobody reads it
    // afterwards.
    bool may_be_pure(Node* node) const {
        if (!in_place(node)) return true;
        Value* written = node->input(0);
        static const std::set<std::string> fresh = {
            "aten::_convolution", "aten::batch_norm", "aten::add",
            "aten::relu",         "aten::leaky_relu", "aten::silu",
            "aten::sigmoid",      "aten::max_pool2d", "aten::upsample_nearest2d",
            "aten::cat",          "aten::hardswish",  "aten::mish",
            "aten::elu",          "aten::hardtanh",   "aten::mul",
            "aten::sub",          "aten::group_norm"};
        if (!fresh.count(pure_name(written->node()))) return false;
        if (in_place(written->node()) && !may_be_pure(written->node())) return false;
        for (const auto& use : written->uses()) {
            if (use.user == node) continue;
            const bool reads = fresh.count(pure_name(use.user)) != 0 && use.user->kind() != c10::prim::Return;
            if (!reads || place_.at(use.user) > place_.at(node)) return false;
        }
        return true;
    }

    // No operator that writes in place, and has to, lies between.
    bool can_wait(Node* from, Node* to) const {
        for (size_t i = place_.at(from) + 1; i < place_.at(to); ++i) {
            if (in_place(nodes_[i]) && !may_be_pure(nodes_[i])) return false;
        }
        return true;
    }

    std::vector<int64_t> pair_of(Value* value) const {
        auto result = constant(value).toIntVector();
        if (result.size() == 1) result.push_back(result[0]);
        return result;
    }

    bool is_float_parameter(Value* value) const {
        if (!known(value) || !constant(value).isTensor()) return false;
        const at::Tensor tensor = constant(value).toTensor();
        return tensor.defined() && tensor.scalar_type() == at::kFloat && tensor.device().is_cpu();
    }

    bool is_none(Value* value) const { return known(value) && constant(value).isNone(); }

    at::Tensor parameter(Value* value) const {
        return is_none(value) ? at::Tensor() : constant(value).toTensor().detach();
    }

    // _convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups, ...)
    bool read_convolution(Node* node, Folded& folded, dense::ConvolutionOptions& options) const {
        if (!is_float_parameter(node->input(1))) return false;
        if (!is_none(node->input(2)) && !is_float_parameter(node->input(2))) return false;
        for (size_t i = 3; i < 9; ++i) {
            if (!known(node->input(i))) return false;
        }
        folded.weight = parameter(node->input(1));
        folded.bias = parameter(node->input(2));
        if (folded.weight.dim() != 4 || constant(node->input(6)).toBool()) return false;
        options.stride = pair_of(node->input(3));
        options.padding = pair_of(node->input(4));
        options.dilation = pair_of(node->input(5));
        options.groups = constant(node->input(8)).toInt();
        return true;
    }

    // batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, cudnn)
    bool fold_normalisation(Node* node, Folded& folded) const {
        if (!is(node, "aten::batch_norm") || !known(node->input(5)) || constant(node->input(5)).toBool()) return false;
        if (!is_float_parameter(node->input(3)) || !is_float_parameter(node->input(4))) return false;
        for (const size_t i : {1, 2}) {
            if (!is_none(node->input(i)) && !is_float_parameter(node->input(i))) return false;
        }
        const at::Tensor gamma = parameter(node->input(1)), beta = parameter(node->input(2));
        at::Tensor scale = at::rsqrt(at::add(parameter(node->input(4)), constant(node->input(7)).toDouble()));
        if (gamma.defined()) scale = at::mul(scale, gamma);
        at::Tensor shift = at::neg(parameter(node->input(3)));
        if (folded.bias.defined()) shift = at::add(shift, folded.bias);
        shift = at::mul(shift, scale);
        folded.bias = beta.defined() ? at::add(shift, beta) : shift;
        folded.scale = scale;
        return true;
    }

    // add(a, b, 1) of two tensors: the other one than `value`, or null.
    Value* addend(Node* node, Value* value) const {
        if (pure_name(node) != "aten::add" || !may_be_pure(node) || node->inputs().size() != 3) return nullptr;
        Value* other = node->input(0) == value ? node->input(1) : node->input(0);
        if (other == value || known(other) || !known(node->input(2))) return nullptr;
        const bool tensors = node->input(0)->type()->isSubtypeOf(*c10::TensorType::get()) &&
                             node->input(1)->type()->isSubtypeOf(*c10::TensorType::get());
        return tensors && constant(node->input(2)).toScalar().toDouble() == 1 ? other : nullptr;
    }

    void fuse(Node* first) {
        Folded folded;
        dense::ConvolutionOptions options;
        if (!read_convolution(first, folded, options)) return;
        Node* last = first;
        Node* normalisation = nullptr;
        Value* sum = nullptr;
        std::vector<Node*> taken{first};
        while (last->output()->uses().size() == 1 && options.activation.kind == dense::Activation::None) {
            Node* next = last->output()->uses()[0].user;
            if (!place_.count(next) || done_.count(next) || !can_wait(first, next)) break;
            if (!sum && !normalisation && fold_normalisation(next, folded)) {
                normalisation = next;
            } else if (Value* other = sum ? nullptr : addend(next, last->output())) {
                sum = other;
            } else if (!may_be_pure(next) || !read_activation(next, options.activation)) {
                options.activation = {};
                break;
            }
            taken.push_back(next);
            last = next;
        }
        options.has_addend = sum != nullptr;
        options.is_result = is_result_only(last->output());
        auto& weights = weights_[{identity(first->input(1)), identity(first->input(2)),
                                  normalisation ? identity(normalisation->input(3)) : nullptr}];
        if (!weights) weights = dense::make_weights(folded.weight, folded.bias, folded.scale);
        auto step = std::make_unique<ConvolutionStep>(folded, weights, options);
        step->inputs.push_back(slot(first->input(0)));
        if (sum) step->inputs.push_back(slot(sum));
        step->outputs.push_back(slot(last->output()));
        done_.insert(taken.begin(), taken.end());
        fused_[last] = std::move(step);
    }

    const void* identity(Value* value) const {
        return is_none(value) ? nullptr : constant(value).toTensor().unsafeGetTensorImpl();
    }

    // Read by nobody but the caller of the network.
    bool is_result_only(Value* value) const {
        return std::all_of(value->uses().begin(), value->uses().end(), [&](const auto& use) {
            if (use.user->kind() == c10::prim::Return) return true;
            return use.user->kind() == c10::prim::TupleConstruct && is_result_only(use.user->output());
        });
    }

    // ---- Single operators

    void emit(Node* node) {
        std::vector<Value*> arguments(node->inputs().begin(), node->inputs().end());
        std::unique_ptr<Step> step = make_step(node, arguments);
        for (Value* argument : arguments) step->inputs.push_back(slot(argument));
        for (Value* output : node->outputs()) step->outputs.push_back(slot(output));
        steps.push_back(std::move(step));
    }

    std::unique_ptr<Step> make_step(Node* node, std::vector<Value*>& arguments) const {
        if (is(node, "prim::TupleConstruct")) return std::make_unique<TupleStep>();
        if (is(node, "prim::TupleUnpack") || is(node, "prim::ListUnpack")) return std::make_unique<UnpackStep>();
        if (is(node, "prim::ListConstruct")) return std::make_unique<ListStep>(node);
        if (is(node, "aten::size") && arguments.size() == 2 && known(arguments[1])) {
            return std::make_unique<SizeStep>(node, constant(arguments[1]).toInt());
        }
        if (!may_be_pure(node)) return std::make_unique<OperatorStep>(node);
        if (auto step = make_map_step(node, arguments)) return step;
        return std::make_unique<OperatorStep>(node);
    }

    std::unique_ptr<Step> make_map_step(Node* node, std::vector<Value*>& arguments) const {
        dense::ActivationOptions activation;
        if (read_activation(node, activation)) {
            return map_step(node, 1, [activation](Slots& slots, const std::vector<size_t>& in) {
                return dense::activate(slots[in[0]].as_map(), activation);
            });
        }
        if (!arguments.empty() && addend(node, arguments[0])) {
            return map_step(node, 2, [](Slots& slots, const std::vector<size_t>& in) {
                const Map& left = slots[in[0]].as_map();
                const Map& right = slots[in[1]].as_map();
                const bool same = left.batch == right.batch && left.channels == right.channels &&
                                  left.height == right.height && left.width == right.width;
                return same ? dense::add(left, right) : Map{};
            });
        }
        if (is(node, "aten::max_pool2d")) return pooling(node);
        if (is(node, "aten::group_norm")) return group_normalisation(node);
        if (is(node, "aten::upsample_nearest2d")) return upsampling(node);
        if (is(node, "aten::cat")) return concatenation(node, arguments);
        return nullptr;
    }

    // group_norm(input, groups, weight, bias, eps, cudnn)
    std::unique_ptr<Step> group_normalisation(Node* node) const {
        for (const size_t i : {2, 3}) {
            if (!is_none(node->input(i)) && !is_float_parameter(node->input(i))) return nullptr;
        }
        if (!known(node->input(1)) || !known(node->input(4))) return nullptr;
        const int64_t groups = constant(node->input(1)).toInt();
        const double epsilon = constant(node->input(4)).toDouble();
        const auto parameter_of = [&](size_t i) {
            const at::Tensor tensor = parameter(node->input(i));
            return tensor.defined() ? tensor.contiguous() : tensor;
        };
        const at::Tensor weight = parameter_of(2), bias = parameter_of(3);
        return map_step(node, 1, [=](Slots& slots, const std::vector<size_t>& in) {
            return dense::group_norm(slots[in[0]].as_map(), groups, weight, bias, epsilon);
        });
    }

    // max_pool2d(input, kernel, stride, padding, dilation, ceil_mode)
    std::unique_ptr<Step> pooling(Node* node) const {
        for (size_t i = 1; i < 6; ++i) {
            if (!known(node->input(i))) return nullptr;
        }
        for (const int64_t dilation : constant(node->input(4)).toIntVector()) {
            if (dilation != 1) return nullptr;
        }
        dense::PoolOptions options{pair_of(node->input(1)), pair_of(node->input(2)), pair_of(node->input(3)),
                                   constant(node->input(5)).toBool()};
        if (options.stride.empty()) options.stride = options.kernel;
        return map_step(node, 1, [options](Slots& slots, const std::vector<size_t>& in) {
            return dense::max_pool(slots[in[0]].as_map(), options);
        });
    }

    // upsample_nearest2d(input, output_size, scales_h, scales_w), or (input, output_size?, scale_factors?)
    std::unique_ptr<Step> upsampling(Node* node) const {
        const bool vector_form = node->inputs().size() == 3;
        return map_step(node, 1, [vector_form](Slots& slots, const std::vector<size_t>& in) {
            double scales[2] = {0, 0};
            const IValue& first = slots[in[2]].as_plain();
            if (vector_form && !first.isNone()) {
                const auto given = first.toDoubleVector();
                scales[0] = given[0];
                scales[1] = given[1];
            } else if (!vector_form) {
                const IValue& second = slots[in[3]].as_plain();
                if (!first.isNone()) scales[0] = first.toDouble();
                if (!second.isNone()) scales[1] = second.toDouble();
            }
            const Map& source = slots[in[0]].as_map();
            const IValue& size = slots[in[1]].as_plain();
            if (!size.isNone()) {
                const auto sizes = size.toIntVector();
                return dense::upsample_nearest(source, sizes[0], sizes[1], scales[0], scales[1]);
            }
            return dense::upsample_nearest(source, static_cast<int64_t>(static_cast<double>(source.height) * scales[0]),
                                           static_cast<int64_t>(static_cast<double>(source.width) * scales[1]),
                                           scales[0], scales[1]);
        });
    }

    std::unique_ptr<Step> concatenation(Node* node, std::vector<Value*>& arguments) const {
        Node* list = node->input(0)->node();
        if (list->kind() != c10::prim::ListConstruct || !known(node->input(1))) return nullptr;
        arguments.assign(list->inputs().begin(), list->inputs().end());
        return std::make_unique<ConcatenationStep>(constant(node->input(1)).toInt());
    }

    void note_last_uses() {
        std::set<size_t> needed(outputs.begin(), outputs.end());
        for (size_t i = 0; i < initial.size(); ++i) {
            if (initial[i].has_plain) needed.insert(i);
        }
        for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
            for (const auto* slots : {&(*step)->inputs, &(*step)->outputs}) {
                for (const size_t index : *slots) {
                    if (needed.insert(index).second) (*step)->last_uses.push_back(index);
                }
            }
        }
    }

    using WeightKey = std::tuple<const void*, const void*, const void*>;

    std::shared_ptr<torch::jit::Graph> graph_;
    std::vector<Node*> nodes_;
    std::unordered_map<const Node*, size_t> place_;
    std::unordered_map<Value*, IValue> known_;
    std::unordered_map<Value*, size_t> slots_;
    std::set<Node*> done_;
    std::map<Node*, std::unique_ptr<Step>> fused_;
    std::map<WeightKey, std::shared_ptr<dense::Weights>> weights_;
};

}  // namespace

struct Plan::State {
    std::mutex mutex;
    std::vector<std::unique_ptr<Step>> steps;
    std::vector<size_t> inputs, outputs;
    Slots initial;
};

Plan::Plan(const torch::jit::Module& module) : state_(std::make_unique<State>()) {
    const at::NoGradGuard guard;
    TORCH_CHECK(dense::available(), "Plan: this processor has no AVX2");
    Builder builder(module);
    builder.build();
    state_->steps = std::move(builder.steps);
    state_->inputs = std::move(builder.inputs);
    state_->outputs = std::move(builder.outputs);
    state_->initial = std::move(builder.initial);
}

Plan::~Plan() = default;

std::vector<at::Tensor> Plan::run(const std::vector<at::Tensor>& inputs) {
    TORCH_CHECK(inputs.size() == state_->inputs.size(), "run: the network takes ", state_->inputs.size(),
                " tensors, got ", inputs.size());
    const at::NoGradGuard guard;
    const std::lock_guard<std::mutex> lock(state_->mutex);
    Slots slots = state_->initial;
    for (size_t i = 0; i < inputs.size(); ++i) slots[state_->inputs[i]].set(IValue(inputs[i]));
    for (const auto& step : state_->steps) {
        step->run(slots);
        for (const size_t index : step->last_uses) slots[index] = {};
    }
    std::vector<at::Tensor> results;
    for (const size_t output : state_->outputs) {
        flatten(slots[output].as_plain(), results);
    }
    return results;
}

std::string Plan::describe() const {
    std::ostringstream text;
    for (const auto& step : state_->steps) text << step->name() << '\n';
    return text.str();
}

}  // namespace mdt

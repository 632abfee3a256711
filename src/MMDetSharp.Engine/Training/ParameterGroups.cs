using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Optimizers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Training;

/// <summary>Which parameters learn at another rate or decay by another factor: the config's <c>paramwise_cfg</c>.</summary>
internal sealed record ParamwiseOptions
{
    /// <summary>The learning rate of biases, except in normalisation layers and offsets of deformable convolutions.</summary>
    internal double BiasLrMult { get; init; } = 1;

    /// <summary>The decay of biases, except in normalisation layers, depth-wise convolutions and offsets.</summary>
    internal double? BiasDecayMult { get; init; }

    /// <summary>The decay of weights and biases of normalisation layers.</summary>
    internal double? NormDecayMult { get; init; }

    /// <summary>The decay of weights and biases of depth-wise convolutions.</summary>
    internal double? DepthwiseDecayMult { get; init; }

    /// <summary>The learning rate of the offsets of deformable convolutions; overrides <see cref="BiasLrMult"/>.</summary>
    internal double DcnOffsetLrMult { get; init; } = 1;

    /// <summary>Whether a parameter that two modules share is taken once; else that is an error.</summary>
    internal bool BypassDuplicate { get; init; }

    /// <summary>Parameters whose name holds a key; the longest key wins, among equals the first of the alphabet.</summary>
    internal IReadOnlyList<CustomKey> CustomKeys { get; init; } = [];

    /// <summary>Whether any factor of the weight decay is given.</summary>
    internal bool ChangesDecay => (BiasDecayMult ?? NormDecayMult ?? DepthwiseDecayMult) is not null
        || CustomKeys.Any(key => key.DecayMult is not null);
}

/// <summary>One entry of <c>custom_keys</c>.</summary>
/// <param name="Key">A part of the parameter's name.</param>
/// <param name="LrMult">The factor of the learning rate.</param>
/// <param name="DecayMult">The factor of the weight decay; null for 1.</param>
internal sealed record CustomKey(string Key, double LrMult, double? DecayMult);

/// <summary>Sorts a model's parameters into groups, by the reference's rules.</summary>
internal static class ParameterGroups
{
    private const string OffsetLayer = "conv_offset";

    /// <summary>One group of all parameters, or with rules one group for each, in the order of the state dict.</summary>
    /// <param name="model">The model whose parameters are sorted.</param>
    /// <param name="rate">The learning rate and weight decay of the config.</param>
    /// <param name="paramwise">The rules, or null.</param>
    internal static IReadOnlyList<ParameterGroup> Build(Module model, BaseRate rate, ParamwiseOptions? paramwise)
    {
        if (paramwise is null)
        {
            return [new ParameterGroup(model.NamedParameters(), rate.LearningRate, rate.DecayOrDefault)];
        }

        if (rate.WeightDecay is null && paramwise.ChangesDecay)
        {
            throw new TrainingException(
                "optimizer: a factor of the weight decay is given in paramwise_cfg, so weight_decay must be too, found none. "
                + "Set weight_decay.");
        }

        return [.. OnePerParameter(model, rate, paramwise)];
    }

    private static IEnumerable<ParameterGroup> OnePerParameter(Module model, BaseRate rate, ParamwiseOptions paramwise)
    {
        var modules = model.NamedModules().ToDictionary(entry => entry.Key, entry => entry.Value);
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        var keys = paramwise.CustomKeys.OrderBy(key => key.Key, StringComparer.Ordinal)
            .OrderByDescending(key => key.Key.Length)
            .ToList();
        foreach (var entry in model.NamedParameters())
        {
            if (!seen.Add(entry.Tensor) && paramwise.BypassDuplicate)
            {
                continue;
            }

            var (lr, decay) = entry.Tensor.RequiresGrad
                ? Factors(entry.Name, modules, paramwise, keys)
                : (1, 1);
            yield return new([entry], rate.LearningRate * lr, rate.DecayOrDefault * decay);
        }
    }

    private static (double Lr, double Decay) Factors(
        string name, Dictionary<string, Module> modules, ParamwiseOptions paramwise, List<CustomKey> keys)
    {
        // As the reference: a parameter of the model itself is called ".name".
        var full = name.Contains('.', StringComparison.Ordinal) ? name : $".{name}";
        if (keys.Find(key => full.Contains(key.Key, StringComparison.Ordinal)) is { } custom)
        {
            return (custom.LrMult, custom.DecayMult ?? 1);
        }

        var place = ParameterPlace.Of(name, modules);
        return (LrFactor(place, paramwise), DecayFactor(place, paramwise));
    }

    private static double LrFactor(ParameterPlace place, ParamwiseOptions paramwise)
    {
        if (place.IsInDcn && place.Owner is Conv2d && place.Prefix.Contains(OffsetLayer, StringComparison.Ordinal))
        {
            return paramwise.DcnOffsetLrMult;
        }

        return place.IsBias && !place.IsNorm && !place.IsInDcn ? paramwise.BiasLrMult : 1;
    }

    private static double DecayFactor(ParameterPlace place, ParamwiseOptions paramwise)
    {
        if (place.IsNorm)
        {
            return paramwise.NormDecayMult ?? 1;
        }

        if (place.IsDepthwise)
        {
            return paramwise.DepthwiseDecayMult ?? 1;
        }

        return place.IsBias && !place.IsInDcn ? paramwise.BiasDecayMult ?? 1 : 1;
    }

    private sealed record ParameterPlace(string Prefix, string Name, Module Owner, bool IsInDcn)
    {
        internal bool IsBias => Name == "bias";

        internal bool IsNorm => Owner is BatchNorm2d or GroupNorm;

        internal bool IsDepthwise => Owner is Conv2d conv && conv.InChannels == conv.Options.Groups;

        internal static ParameterPlace Of(string full, Dictionary<string, Module> modules)
        {
            var (prefix, name) = Cut(full);
            var (above, _) = Cut(prefix);

            return new(prefix, name, modules[prefix], IsInDcn: prefix.Length > 0 && IsDeformable(modules[above]));
        }

        // It holds its kernel and the layer of its offsets. As the reference: where the offsets are found outside of the
        // convolution, as those of guided anchors are, their layer is like any other.
        private static bool IsDeformable(Module module) =>
            module.Children.Any(child => child.Key == OffsetLayer)
            && module.StateDict().Any(entry => entry.Name == "weight");

        private static (string Prefix, string Name) Cut(string name)
        {
            var dot = name.LastIndexOf('.');
            return dot < 0 ? ("", name) : (name[..dot], name[(dot + 1)..]);
        }
    }
}

/// <summary>The numbers of an optimizer's config that rules multiply.</summary>
/// <param name="LearningRate"><c>lr</c>.</param>
/// <param name="WeightDecay">weight_decay; null when the config does not tell.</param>
/// <param name="DefaultDecay">The optimizer's own weight decay.</param>
internal sealed record BaseRate(double LearningRate, double? WeightDecay, double DefaultDecay = 0)
{
    internal double DecayOrDefault => WeightDecay ?? DefaultDecay;
}

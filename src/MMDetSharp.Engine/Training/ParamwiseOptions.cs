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

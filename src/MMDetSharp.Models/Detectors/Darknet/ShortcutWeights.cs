namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>How a <c>[shortcut]</c> weighs what it adds: <c>weights_type</c> and <c>weights_normalization</c>.</summary>
/// <param name="Layout">How many weights there are.</param>
/// <param name="Normalisation">How they become shares of 1.</param>
internal readonly record struct ShortcutWeights(ShortcutLayout Layout, ShortcutNormalisation Normalisation);

/// <summary>How many weights a <c>[shortcut]</c> has.</summary>
internal enum ShortcutLayout
{
    /// <summary>None: a plain sum.</summary>
    None,

    /// <summary>One weight for each input.</summary>
    PerFeature,

    /// <summary>One weight for each channel of each input.</summary>
    PerChannel,
}

/// <summary>How the weights of a <c>[shortcut]</c> become shares of 1.</summary>
internal enum ShortcutNormalisation
{
    /// <summary>Weights are used as they are.</summary>
    None,

    /// <summary>max(w, 0.001) / (their sum + 0.0001).</summary>
    Relu,

    /// <summary>exp(w) / (their sum + 0.0001).</summary>
    Softmax,
}

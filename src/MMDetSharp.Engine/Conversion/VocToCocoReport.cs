using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Engine.Conversion;

/// <summary>What a conversion made.</summary>
public sealed record VocToCocoReport
{
    /// <summary>What was written.</summary>
    public required CocoAnnotations Annotations { get; init; }

    /// <summary>Names in the order of their category ids, and how many boxes each has.</summary>
    public required IReadOnlyList<(string Name, int Boxes)> Classes { get; init; }

    /// <summary>One line for each kind of thing left out or mended.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

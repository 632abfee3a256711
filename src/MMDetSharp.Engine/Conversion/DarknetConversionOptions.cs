namespace MMDetSharp.Engine.Conversion;

/// <summary>What <see cref="DarknetConversion.ToCheckpoint"/> reads and writes.</summary>
public sealed record DarknetConversionOptions
{
    /// <summary>The network, <c>.cfg</c>.</summary>
    public required string Cfg { get; init; }

    /// <summary>Its numbers, <c>.weights</c>.</summary>
    public required string Weights { get; init; }

    /// <summary>The checkpoint to make or replace.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>
    /// The config whose keys the checkpoint gets; null: those of <c>DarknetDetector</c>, and a config of it is written
    /// beside the checkpoint.
    /// </summary>
    public string? Config { get; init; }

    /// <summary>A text file with one class name a line; null: one beside the cfg, or COCO's or VOC's by their number.</summary>
    public string? Names { get; init; }
}

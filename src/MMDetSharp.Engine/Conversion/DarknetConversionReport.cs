namespace MMDetSharp.Engine.Conversion;

/// <summary>What a conversion of Darknet's weights wrote.</summary>
/// <param name="File">The checkpoint, or the <c>.weights</c> file.</param>
/// <param name="Config">The config beside it; null where none was written.</param>
/// <param name="Numbers">How many numbers the network has.</param>
/// <param name="Seen">How many pictures its training has seen, as the file says.</param>
public sealed record DarknetConversionReport(string File, string? Config, long Numbers, long Seen);

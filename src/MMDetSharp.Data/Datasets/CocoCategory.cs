namespace MMDetSharp.Data.Datasets;

/// <summary>One entry of the <c>categories</c> list of COCO's format.</summary>
/// <param name="Id">The number that annotations and results refer to; not a label.</param>
/// <param name="Name">The class name.</param>
public readonly record struct CocoCategory(long Id, string Name);

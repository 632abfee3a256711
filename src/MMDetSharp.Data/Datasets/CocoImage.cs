namespace MMDetSharp.Data.Datasets;

/// <summary>One entry of the <c>images</c> list of COCO's format.</summary>
/// <param name="Id">The number that annotations and results refer to.</param>
/// <param name="FileName">Relative to the image folder.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
public readonly record struct CocoImage(long Id, string FileName, int Width, int Height);

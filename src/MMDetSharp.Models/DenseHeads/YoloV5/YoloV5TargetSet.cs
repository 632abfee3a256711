namespace MMDetSharp.Models.DenseHeads.YoloV5;

/// <summary>
/// What one level shall learn: N places (an anchor of a cell) and the object that each of them predicts. An object may
/// stand in several rows, a place too.
/// </summary>
internal sealed record YoloV5TargetSet
{
    /// <summary>(N) index of the image in the batch.</summary>
    internal List<long> Images { get; } = [];

    /// <summary>(N) index of the anchor in its cell, 0 to A - 1.</summary>
    internal List<long> Anchors { get; } = [];

    /// <summary>(N) the row of cells.</summary>
    internal List<long> Rows { get; } = [];

    /// <summary>(N) the column of cells.</summary>
    internal List<long> Columns { get; } = [];

    /// <summary>(N) class of the object, 0 to K - 1.</summary>
    internal List<long> Labels { get; } = [];

    /// <summary>(N, 4) xyxy of the object, in cells, seen from the cell's top left corner.</summary>
    internal List<float> Boxes { get; } = [];

    /// <summary>(N, 2) width and height of the anchor, in cells.</summary>
    internal List<float> AnchorSizes { get; } = [];

    /// <summary>The number of rows, N.</summary>
    internal int Count => Images.Count;

    /// <summary>
    /// The rows that tell a place's objectness: where an anchor of a cell has several objects the last one counts.
    /// </summary>
    internal long[] LastOfPlace()
    {
        var last = new Dictionary<(long Image, long Anchor, long Row, long Column), long>();
        for (var i = 0; i < Count; i++)
        {
            last[(Images[i], Anchors[i], Rows[i], Columns[i])] = i;
        }

        return [.. last.Values.Order()];
    }
}

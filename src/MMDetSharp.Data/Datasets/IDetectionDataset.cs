namespace MMDetSharp.Data.Datasets;

/// <summary>Images with annotated boxes, addressed by index. Safe to read from many threads at once.</summary>
public interface IDetectionDataset
{
    /// <summary>How many images.</summary>
    int Count { get; }

    /// <summary>(K): class names; a box's label is an index into them.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>(Count): 1 where the image is wider than high, else 0. Batches are drawn from one group.</summary>
    IReadOnlyList<byte> AspectGroups { get; }

    /// <summary>What was left out while reading, and why.</summary>
    DatasetReport Report { get; }

    /// <summary>The annotations of one image.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such index.</exception>
    DatasetItem Item(int index);

    /// <summary>The category of every annotation of one image, with repetitions: COCO's ids, VOC's labels.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such index.</exception>
    IReadOnlyList<long> CategoryIds(int index);
}

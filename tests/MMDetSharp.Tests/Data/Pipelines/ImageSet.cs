using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Tests.Data.Pipelines;

/// <summary>A data set of images of one grey each, n + 1 for image n, with one box of class n each.</summary>
internal sealed class ImageSet(int count, int width, int height, float[] box) : IDetectionDataset, ITransform
{
    public int Count => count;

    public IReadOnlyList<string> Classes { get; } = [.. Enumerable.Range(0, count).Select(i => $"class {i}")];

    public IReadOnlyList<byte> AspectGroups { get; } = new byte[count];

    public DatasetReport Report => throw new NotSupportedException();

    public DatasetItem Item(int index) => new()
    {
        Id = $"{index}",
        FileName = $"{index}.png",
        ImagePath = $"{index}.png",
        Width = width,
        Height = height,
        Boxes = box,
        Labels = box.Length == 0 ? [] : [index],
    };

    public IReadOnlyList<long> CategoryIds(int index) => [index];

    // In place of reading a file.
    public bool Apply(Sample sample, IRandomSource random)
    {
        double grey = int.Parse(sample.Item.Id) + 1;
        sample.Image = Image.Create(new(height, width), PixelType.UInt8, grey, grey, grey);
        (sample.OriginalShape, sample.ImageShape) = (sample.Image.Shape, sample.Image.Shape);
        (sample.Boxes, sample.Labels, sample.IgnoredBoxes) = (sample.Item.Boxes, sample.Item.Labels, []);
        return true;
    }

    /// <summary>Image 0, mixed by a transform.</summary>
    internal Sample Mix(ITransform transform, IRandomSource random)
    {
        var sample = new Sample(Item(0));
        Assert.True(new MixPipeline(this, this, transform).Apply(sample, random));
        return sample;
    }
}

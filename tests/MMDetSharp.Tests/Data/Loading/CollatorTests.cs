using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Data.Loading;
using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Tests.Data.Loading;

public sealed class CollatorTests
{
    // 1 x 2 pixels (1, 2, 3) (4, 5, 6) and 2 x 1 pixels 7, 8: planes of 2 x 2, zero right and below.
    [Fact]
    public void Collate_TwoShapes_PadsRightAndBelow()
    {
        using var wide = Collected(Image.FromPixels(new float[] { 1, 2, 3, 4, 5, 6 }, new(1, 2)));
        using var high = Collected(Image.FromPixels(new byte[] { 7, 7, 7, 8, 8, 8 }, new(2, 1)));

        using var batch = Collator.Collate([wide, high]);

        Assert.Equal([2, 3, 2, 2], batch.Images.Shape);
        Assert.Equal(
            [1, 4, 0, 0, 2, 5, 0, 0, 3, 6, 0, 0, 7, 0, 8, 0, 7, 0, 8, 0, 7, 0, 8, 0], batch.Images.ToArray());
    }

    [Fact]
    public void Collate_IgnoredBoxesNotCollected_AreLeftBehind()
    {
        using var without = Collected(Image.Create(new(2, 2)), "img", "gt_bboxes", "gt_labels");
        using var with = Collected(Image.Create(new(2, 2)), "img", "gt_bboxes", "gt_labels", "gt_bboxes_ignore");

        using var batchWithout = Collator.Collate([without]);
        using var batchWith = Collator.Collate([with]);

        Assert.Equal([0, 4], batchWithout.GroundTruths[0].IgnoredBoxes.Shape);
        Assert.Equal([5f, 6, 7, 8], batchWith.GroundTruths[0].IgnoredBoxes.ToArray());
        Assert.Equal([1f, 2, 3, 4], batchWith.GroundTruths[0].Boxes.ToArray());
        Assert.Equal([3L], batchWith.GroundTruths[0].Labels.ToInt64Array());
    }

    [Fact]
    public void Collate_NoObjects_GivesEmptyTensors()
    {
        using var sample = Collected(Image.Create(new(2, 2)), "img", "gt_bboxes", "gt_labels");
        (sample.Boxes, sample.Labels) = ([], []);

        using var batch = Collator.Collate([sample]);

        Assert.Equal([0, 4], batch.GroundTruths[0].Boxes.Shape);
        Assert.Equal([0], batch.GroundTruths[0].Labels.Shape);
    }

    [Fact]
    public void Collate_NoCollect_SaysWhatToAdd()
    {
        using var sample = Sample.FromImage(Image.Create(new(2, 2)), "a");

        var error = Assert.Throws<PipelineException>(() => Collator.Collate([sample]));

        Assert.Contains("dict(type='Collect'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Collate_GrayAndColor_NamesTheFile()
    {
        using var color = Collected(Image.Create(new(2, 2)));
        using var gray = Collected(Image.Create(new(2, 2, 1)));

        var error = Assert.Throws<PipelineException>(() => Collator.Collate([color, gray]));

        Assert.Contains("color_type='color'", error.Message, StringComparison.Ordinal);
    }

    private static Sample Collected(Image image, params string[] keys)
    {
        var item = new DatasetItem { Id = "1", FileName = "a", ImagePath = "a", Width = 1, Height = 1 };
        return new Sample(item)
        {
            Image = image,
            ImageShape = image.Shape,
            Boxes = [1, 2, 3, 4],
            Labels = [3],
            IgnoredBoxes = [5, 6, 7, 8],
            CollectedKeys = keys.Length == 0 ? ["img"] : keys,
        };
    }
}

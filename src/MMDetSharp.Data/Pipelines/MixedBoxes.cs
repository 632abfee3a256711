namespace MMDetSharp.Data.Pipelines;

/// <summary>Collects the boxes of several images that become one.</summary>
internal sealed class MixedBoxes
{
    private readonly List<float> _boxes = [];
    private readonly List<long> _labels = [];
    private readonly List<float> _ignored = [];

    /// <summary>Adds the boxes of an image that was scaled, then shifted.</summary>
    internal void Add(Sample sample, (float Scale, float X, float Y) place)
    {
        _boxes.AddRange(Move(sample.Boxes ?? [], place));
        _labels.AddRange(sample.Labels ?? []);
        _ignored.AddRange(Move(sample.IgnoredBoxes ?? [], place));
    }

    /// <summary>Gives all boxes to a sample, without those that have no part on its image.</summary>
    /// <param name="sample">Its image is the mixed one.</param>
    /// <param name="clip">Whether boxes are cut at the image's border.</param>
    internal void PutInto(Sample sample, bool clip)
    {
        (sample.Boxes, sample.Labels, sample.IgnoredBoxes) = ([.. _boxes], [.. _labels], [.. _ignored]);
        sample.KeepBoxes(boxes => BoxArrays.AreOn(boxes, sample.Image.Shape));
        if (clip)
        {
            sample.ChangeBoxes(boxes => BoxArrays.Clip(boxes, sample.Image.Shape));
        }
    }

    private static float[] Move(float[] boxes, (float Scale, float X, float Y) place)
    {
        var (scale, x, y) = place;
        return BoxArrays.Shift(BoxArrays.Scale(boxes, [scale, scale, scale, scale]), x, y);
    }
}

namespace MMDetSharp.Data.Pipelines;

/// <summary>Copies the annotated boxes and labels of the data set into the sample.</summary>
/// <param name="withBoxes">Whether to load boxes, and those to ignore.</param>
/// <param name="withLabels">Whether to load the class of each box.</param>
public sealed class LoadAnnotations(bool withBoxes = true, bool withLabels = true) : ITransform
{
    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (withBoxes)
        {
            sample.Boxes = [.. sample.Item.Boxes];
            sample.IgnoredBoxes = [.. sample.Item.IgnoredBoxes];
        }

        if (withLabels)
        {
            sample.Labels = [.. sample.Item.Labels];
        }

        return true;
    }
}

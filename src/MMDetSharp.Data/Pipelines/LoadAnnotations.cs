using MMDetSharp.Core.Registry;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Copies the annotated boxes and labels of the data set into the sample.</summary>
/// <param name="withBoxes">Whether to load boxes, and those to ignore.</param>
/// <param name="withLabels">Whether to load the class of each box.</param>
public sealed class LoadAnnotations(bool withBoxes = true, bool withLabels = true) : ITransform
{
    /// <summary>From a step of a config.</summary>
    internal static LoadAnnotations FromConfig(ConfigReader reader)
    {
        StepKeys.RequireDisk(reader);
        reader.Ignore("poly2mask");
        foreach (var key in (string[])["with_mask", "with_seg"])
        {
            if (reader.Bool(key, false))
            {
                throw reader.Error(
                    key, "must be False: MMDetSharp detects boxes and reads no masks. Remove it, and the heads that need it.");
            }
        }

        return new(reader.Bool("with_bbox", true), reader.Bool("with_label", true));
    }

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

using MMDetSharp.Core.Registry;

namespace MMDetSharp.Data.Pipelines;

/// <summary>Names what goes into the batch; what is not named stays behind, as ignored boxes often do.</summary>
public sealed class Collect : ITransform
{
    /// <summary>The reference's name of the image.</summary>
    public const string ImageKey = "img";

    /// <summary>The reference's name of the boxes.</summary>
    public const string BoxesKey = "gt_bboxes";

    /// <summary>The reference's name of the labels.</summary>
    public const string LabelsKey = "gt_labels";

    /// <summary>The reference's name of the boxes to ignore.</summary>
    public const string IgnoredBoxesKey = "gt_bboxes_ignore";

    private static readonly string[] s_keys = [ImageKey, BoxesKey, LabelsKey, IgnoredBoxesKey];

    private static readonly string[] s_metaKeys =
    [
        "filename", "ori_filename", "ori_shape", "img_shape", "pad_shape", "scale_factor", "flip", "flip_direction",
        "img_norm_cfg", "border", "pad_param", "img", // the last one for the reference's images of its targets
    ];

    private readonly IReadOnlyList<string> _keys;

    /// <param name="keys">Of img, gt_bboxes, gt_labels and gt_bboxes_ignore.</param>
    /// <param name="metaKeys">Checked only: a batch always carries everything that is known of an image.</param>
    /// <exception cref="ArgumentException">A key is unknown.</exception>
    public Collect(IReadOnlyList<string> keys, IReadOnlyList<string>? metaKeys = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        RequireKnown("keys", keys, s_keys);
        RequireKnown("meta_keys", metaKeys ?? [], s_metaKeys);
        if (!keys.Contains(ImageKey))
        {
            throw new ArgumentException("Collect: keys must contain 'img'.");
        }

        _keys = keys;
    }

    /// <summary>From a step of a config.</summary>
    internal static Collect FromConfig(ConfigReader reader) =>
        new(reader.Strings("keys"), reader.StringsOrNull("meta_keys"));

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        foreach (var key in _keys.Where(key => !Has(sample, key)))
        {
            throw new PipelineException(
                $"Collect: '{key}' must be there, but no earlier step loaded it. Put LoadAnnotations(with_bbox=True, " +
                "with_label=True) behind LoadImageFromFile.");
        }

        sample.CollectedKeys = _keys;
        return true;
    }

    private static bool Has(Sample sample, string key) => key switch
    {
        BoxesKey => sample.Boxes is not null,
        LabelsKey => sample.Labels is not null,
        IgnoredBoxesKey => sample.IgnoredBoxes is not null,
        _ => sample.HasImage,
    };

    private static void RequireKnown(string option, IReadOnlyList<string> keys, string[] known)
    {
        if (keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown)
        {
            throw new ArgumentException(
                $"Collect: {option} must be of {string.Join(", ", known)}; got '{unknown}'. Remove it.");
        }
    }
}

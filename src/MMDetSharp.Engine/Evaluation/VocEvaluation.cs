using System.Globalization;
using System.Text;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>What the VOC protocol found.</summary>
public sealed class VocEvaluation
{
    private readonly IReadOnlyList<ScaleRange> _scales;

    internal VocEvaluation(IReadOnlyList<VocClassResult> classes, IReadOnlyList<ScaleRange> scales)
    {
        Classes = classes;
        _scales = scales;
        MeanAveragePrecision = [.. Enumerable.Range(0, Math.Max(1, scales.Count)).Select(Mean)];
    }

    /// <summary>(K), in the order of the labels.</summary>
    public IReadOnlyList<VocClassResult> Classes { get; }

    /// <summary>The mean over the classes that have an object, for each scale range, or one in all.</summary>
    public IReadOnlyList<double> MeanAveragePrecision { get; }

    /// <summary>A table of all classes for each scale range, as the reference prints it.</summary>
    /// <param name="names">(K): class names.</param>
    public string Summary(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var text = new StringBuilder();
        for (var s = 0; s < MeanAveragePrecision.Count; s++)
        {
            if (_scales.Count > 0)
            {
                text.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"Scale range ({_scales[s].Min * _scales[s].Min}, {_scales[s].Max * _scales[s].Max})");
            }

            text.AppendLine(AsciiTable.Render(Rows(names, s), footed: true));
        }

        return text.ToString().TrimEnd();
    }

    private IEnumerable<IReadOnlyList<string>> Rows(IReadOnlyList<string> names, int scale)
    {
        yield return ["class", "gts", "dets", "recall", "ap"];
        for (var k = 0; k < Classes.Count; k++)
        {
            var result = Classes[k];
            yield return
            [
                names[k],
                result.Objects[scale].ToString(CultureInfo.InvariantCulture),
                result.Detections.ToString(CultureInfo.InvariantCulture),
                Rounded.Text(result.Recall[scale]),
                Rounded.Text(result.AveragePrecision[scale]),
            ];
        }

        yield return ["mAP", "", "", "", Rounded.Text(MeanAveragePrecision[scale])];
    }

    private double Mean(int scale) => Classes
        .Where(result => result.Objects[scale] > 0)
        .Select(result => result.AveragePrecision[scale])
        .DefaultIfEmpty(0)
        .Average();
}

/// <summary>
/// What the VOC protocol found for one class; lists have one entry for each scale range, or one in all.
/// </summary>
public sealed record VocClassResult
{
    /// <summary>How many objects there are to find: without difficult ones.</summary>
    public required IReadOnlyList<int> Objects { get; init; }

    /// <summary>How many detections there are.</summary>
    public required int Detections { get; init; }

    /// <summary>The largest recall; 0 without a detection.</summary>
    public required IReadOnlyList<double> Recall { get; init; }

    /// <summary>In [0, 1]; 0 without an object.</summary>
    public required IReadOnlyList<double> AveragePrecision { get; init; }
}

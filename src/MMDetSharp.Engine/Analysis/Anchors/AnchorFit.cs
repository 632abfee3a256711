using System.Globalization;
using System.Text;

using MMDetSharp.Engine.Visualization;

namespace MMDetSharp.Engine.Analysis.Anchors;

/// <summary>How anchors are fitted to the objects of a data set.</summary>
public sealed record AnchorFitOptions
{
    /// <summary>The number of anchors, k of k-means.</summary>
    public int Clusters { get; init; } = 9;

    /// <summary>What makes two sizes alike.</summary>
    public AnchorDistance Distance { get; init; } = AnchorDistance.Whitened;

    /// <summary>Generations of evolution behind the clustering; 0 for none. YOLOv5: 1000.</summary>
    public int Generations { get; init; }

    /// <summary>An anchor finds objects whose sides are at most so many times as long or as short: <c>anchor_t</c>.</summary>
    public double Threshold { get; init; } = 4;

    /// <summary>What the random numbers follow from.</summary>
    public int Seed { get; init; }
}

/// <summary>What makes two sizes alike for clustering.</summary>
public enum AnchorDistance
{
    /// <summary>The difference of widths and heights, each over its deviation: YOLOv5.</summary>
    Whitened,

    /// <summary>1 - IoU: YOLOv2 (Redmon and Farhadi, arXiv:1612.08242, section 2) and Darknet.</summary>
    IoU,
}

/// <summary>Anchors fitted to a data set: by clustering, then by evolution.</summary>
public sealed record AnchorFit
{
    /// <summary>The fitted anchors, the smallest area first.</summary>
    public required IReadOnlyList<BoxSize> Anchors { get; init; }

    /// <summary>Recall, IoU and fitness of the clusters' centres, before evolution.</summary>
    public required AnchorQuality Clustered { get; init; }

    /// <summary>Recall, IoU and fitness of <see cref="Anchors"/>.</summary>
    public required AnchorQuality Final { get; init; }

    /// <summary>The widths and heights that the anchors were fitted to.</summary>
    public required ObjectSizes Objects { get; init; }

    /// <summary>k-means of the objects' widths and heights, then evolution of the clusters' centres.</summary>
    /// <param name="objects">What they shall fit.</param>
    /// <param name="options">Number of anchors, distance and generations.</param>
    /// <exception cref="ArgumentException">There are too few objects of different sizes, or an option is out of range.</exception>
    public static AnchorFit Of(ObjectSizes objects, AnchorFitOptions options)
    {
        ArgumentNullException.ThrowIfNull(objects);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Clusters < 1 || options.Generations < 0 || options.Threshold <= 1)
        {
            throw new ArgumentException(
                $"Anchors: there must be at least 1 cluster, 0 generations and a threshold above 1, got {options.Clusters}, "
                + $"{options.Generations} and {options.Threshold}. Correct the options.");
        }

        var different = objects.Sizes.Distinct().Count();
        if (different < options.Clusters)
        {
            throw new ArgumentException(
                $"Anchors: there must be at least {options.Clusters} objects of different sizes, the data set has "
                + $"{different}. Ask for fewer with --clusters, or look at ann_file.");
        }

        var clusters = AnchorClusters.Find(objects.Sizes, options);
        var anchors = AnchorEvolution.Evolve(clusters, objects.Sizes, options);
        return new()
        {
            Anchors = anchors,
            Clustered = AnchorQuality.Of(clusters, objects.Sizes, options.Threshold),
            Final = AnchorQuality.Of(anchors, objects.Sizes, options.Threshold),
            Objects = objects,
        };
    }

    /// <summary>The table and the lines to paste.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        var culture = CultureInfo.InvariantCulture;
        text.Append(culture, $"{Objects.ImageCount} images, {Objects.Sizes.Count} objects");
        text.AppendLine(Objects.TooSmall == 0 ? "" : $"; {Objects.TooSmall} below 2 pixels left out");
        text.AppendLine("                 recall  anchors/object  mean ratio  mean IoU  fitness");
        Row(text, "k-means", Clustered);
        if (Final != Clustered)
        {
            Row(text, "evolved", Final);
        }

        text.AppendLine();
        text.AppendLine("YOLOv5:      anchors=[" + string.Join(", ", Levels().Select(level => $"[{Numbers(level, ", ", ", ")}]")) + "]");
        text.AppendLine("MMDetection: base_sizes=[" + string.Join(
            ", ", Levels().Reverse().Select(level => "[" + string.Join(", ", level.Select(one => $"({Side(one.Width)}, {Side(one.Height)})")) + "]")) + "]");
        text.Append("Darknet:     anchors = " + Numbers([.. Anchors], ",", ",  "));
        return text.ToString();
    }

    /// <summary>A chart of all sizes with the anchors, as SVG text.</summary>
    public string ToSvg() => SvgChart.Render(
        [
            new ChartPanel("Objects and anchors", "height", [
                Points("objects", Objects.Sizes) with { Radius = 1.5 },
                Points("anchors", Anchors) with { Radius = 5 },
            ]),
        ],
        "width, pixels of the network's input");

    private static ChartSeries Points(string name, IReadOnlyList<BoxSize> sizes) =>
        new(name, [.. sizes.Select(size => size.Width)], [.. sizes.Select(size => size.Height)]);

    private static void Row(StringBuilder text, string name, AnchorQuality quality) => text.AppendLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-14}{quality.BestPossibleRecall,9:0.0000}{quality.AnchorsPerObject,16:0.00}{quality.MeanRatio,12:0.000}"
        + $"{quality.MeanIoU,10:0.000}{quality.Fitness,9:0.000}"));

    // Three anchors a level where that comes out even.
    private IEnumerable<BoxSize[]> Levels() => Anchors.Count % 3 == 0 ? Anchors.Chunk(3) : [[.. Anchors]];

    private static string Numbers(BoxSize[] anchors, string within, string between) =>
        string.Join(between, anchors.Select(one => $"{Side(one.Width)}{within}{Side(one.Height)}"));

    private static string Side(double side) => Math.Max(1, Math.Round(side)).ToString(CultureInfo.InvariantCulture);
}

using System.CommandLine;
using System.Globalization;

using MMDetSharp.Engine.Analysis.Anchors;

namespace MMDetSharp.Cli;

/// <summary><c>mmdet analyze anchors</c>: anchors for a data set.</summary>
internal static class AnalyzeAnchorsCommand
{
    private static readonly Argument<string> s_source = new("DATASET")
    {
        Description = "A config, whose data.train is read, or a COCO .json.",
    };

    private static readonly Option<bool> s_kmeans = new("--kmeans")
    {
        Description = "Find anchors by clustering; the only way so far, and the default.",
    };

    private static readonly Option<int> s_clusters = new("--clusters")
    {
        Description = "How many anchors.",
        DefaultValueFactory = _ => 9,
    };

    private static readonly Option<string> s_size = new("--size")
    {
        Description = "The network's input: 640, or 640x480 (width x height).",
        DefaultValueFactory = _ => "640",
        HelpName = "WxH",
    };

    private static readonly Option<bool> s_stretch = new("--stretch")
    {
        Description = "Images fill the input whatever their ratio, as in Darknet; else they keep it.",
    };

    private static readonly Option<string> s_distance = new("--distance")
    {
        Description = "What makes two sizes alike: euclidean (YOLOv5: sides over their deviation) or iou (Darknet).",
        DefaultValueFactory = _ => "euclidean",
    };

    private static readonly Option<int> s_evolve = new("--evolve")
    {
        Description = "Generations of evolution behind the clustering; YOLOv5: 1000.",
        HelpName = "N",
    };

    private static readonly Option<double> s_threshold = new("--anchor-t")
    {
        Description = "An anchor finds objects with sides at most so many times as long or as short.",
        DefaultValueFactory = _ => 4,
    };

    private static readonly Option<int> s_seed = new("--seed") { Description = "What the random numbers follow from." };

    private static readonly Option<string?> s_target = new("--out")
    {
        Description = "An SVG file to draw sizes and anchors into.",
    };

    internal static Command Create()
    {
        var command = new Command("anchors", "Fit anchors to the objects of a data set.")
        {
            s_source, s_kmeans, s_clusters, s_size, s_stretch, s_distance, s_evolve, s_threshold, s_seed, s_target,
        };
        s_distance.AcceptOnlyFromAmong("euclidean", "iou");
        command.SetAction(Run);
        return command;
    }

    private static void Run(ParseResult parsed)
    {
        var (width, height) = Size(parsed.GetRequiredValue(s_size));
        var objects = ObjectSizes.Read(
            parsed.GetRequiredValue(s_source), new ImageFit(width, height, parsed.GetValue(s_stretch)));
        var fit = AnchorFit.Of(objects, new AnchorFitOptions
        {
            Clusters = parsed.GetValue(s_clusters),
            Distance = parsed.GetValue(s_distance) == "iou" ? AnchorDistance.IoU : AnchorDistance.Whitened,
            Generations = parsed.GetValue(s_evolve),
            Threshold = parsed.GetValue(s_threshold),
            Seed = parsed.GetValue(s_seed),
        });
        Console.Out.WriteLine(fit.ToText());
        if (parsed.GetValue(s_target) is { } target)
        {
            File.WriteAllText(target, fit.ToSvg());
            Console.Out.WriteLine(target);
        }
    }

    private static (int Width, int Height) Size(string text)
    {
        var sides = text.Split('x').Select(side =>
            int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0).ToArray();
        return sides.Length is 1 or 2 && sides.All(side => side > 0)
            ? (sides[0], sides[^1])
            : throw new UsageException($"--size must be 640 or 640x480, got '{text}'.");
    }
}

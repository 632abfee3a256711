using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MMDetSharp.Engine.Analysis;

/// <summary>The detectors that have a thin recipe for the drawn shapes, and what came of them.</summary>
public static partial class ModelZoo
{
    private const string Recipes = "configs/quickstart/";

    /// <summary>In the order of their papers.</summary>
    public static IReadOnlyList<ZooModel> Models { get; } =
    [
        new("retinanet", "RetinaNet", Recipes + "retinanet_r18_shapes.py", "configs/retinanet/retinanet_r50_fpn_coco.py"),
        new("ssd", "SSD", Recipes + "ssd_vgg_shapes.py", "configs/ssd/ssd300_coco.py"),
        new("ghm", "GHM", Recipes + "retinanet_ghm_r18_shapes.py", "configs/ghm/retinanet_ghm_r50_fpn_1x_coco.py"),
        new("ga", "Guided Anchoring", Recipes + "ga_retinanet_r18_shapes.py", "configs/guided_anchoring/ga_retinanet_r50_fpn_1x_coco.py"),
        new("libra", "Libra", Recipes + "libra_retinanet_r18_shapes.py", "configs/libra_rcnn/libra_retinanet_r50_fpn_1x_coco.py"),
        new("fcos", "FCOS", Recipes + "fcos_r18_shapes.py", "configs/fcos/fcos_r50_caffe_fpn_gn-head_4x4_1x_coco.py"),
        new("pisa", "PISA", Recipes + "pisa_retinanet_r18_shapes.py", "configs/pisa/pisa_retinanet_r50_fpn_1x_coco.py"),
        new("atss", "ATSS", Recipes + "atss_r18_shapes.py", "configs/atss/atss_r50_fpn_1x_coco.py"),
        new("sabl", "SABL", Recipes + "sabl_retinanet_r18_shapes.py", "configs/sabl/sabl_retinanet_r50_fpn_1x_coco.py"),
        new("gfl", "GFL", Recipes + "gfl_r18_shapes.py", "configs/gfl/gfl_r50_fpn_1x_coco.py"),
        new("paa", "PAA", Recipes + "paa_r18_shapes.py", "configs/paa/paa_r50_fpn_1x_coco.py"),
        new("vfnet", "VFNet", Recipes + "vfnet_r18_shapes.py", "configs/vfnet/vfnet_r50_fpn_1x_coco.py"),
    ];

    /// <summary>The results as a table of Markdown.</summary>
    /// <param name="results">In the order of the rows.</param>
    public static string Table(IEnumerable<ZooResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var text = new StringBuilder("| detector | AP | AP50 | AP75 | s / epoch | parameters, M | GFLOPs | COCO AP |\n");
        text.Append("|---|---|---|---|---|---|---|---|\n");
        foreach (var row in results)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| [{row.Model.Title}](../{row.Model.Recipe}) | {row.AP:0.000} | {row.AP50:0.000} | {row.AP75:0.000} | ")
                .Append(
                    CultureInfo.InvariantCulture,
                    $"{row.SecondsPerEpoch:0.0} | {row.Size.Parameters / 1e6:0.00} | {row.Size.MultiplyAdds / 1e9:0.0} | ")
                .Append(CultureInfo.InvariantCulture, $"[{PublishedAP(row.Model.CocoRecipe)}](../{row.Model.CocoRecipe}) |\n");
        }

        return text.ToString();
    }

    /// <summary>The page of all results.</summary>
    /// <param name="results">In the order of the rows.</param>
    /// <param name="seed">Of the trainings.</param>
    /// <param name="processors">Of the machine.</param>
    public static string Page(IEnumerable<ZooResult> results, int seed, int processors) => string.Create(
        CultureInfo.InvariantCulture, $"""
        # Model zoo

        Written by `./mmdet quickstart --all`: every dense detector learns the drawn shapes from nothing, with the recipe that its name
        links to, a thin ResNet-18 (SSD: a thin VGG) and images of 128x128. AP, AP50 and AP75 on the validation images after the last epoch;
        seconds of training an epoch on {processors} processor cores; GFLOPs of one image of 800x1216, multiplications and additions as pairs. Seed {seed}.
        COCO AP is what MMDetection published for the recipe that the number links to; it was not measured here.

        {Table(results)}
        """);

    // The recipe's first lines say it.
    private static string PublishedAP(string recipe) =>
        File.Exists(recipe) && Published().Match(File.ReadAllText(recipe)) is { Success: true } match
            ? match.Groups[1].Value
            : "unknown";

    [GeneratedRegex(@"box AP on COCO val2017: ([0-9.]+[0-9])")]
    private static partial Regex Published();
}

/// <summary>A detector with a thin recipe.</summary>
/// <param name="Name">As the command line names it.</param>
/// <param name="Title">As its paper names it.</param>
/// <param name="Recipe">Its thin recipe.</param>
/// <param name="CocoRecipe">The reference's recipe, whose AP was published.</param>
public sealed record ZooModel(string Name, string Title, string Recipe, string CocoRecipe);

/// <summary>What came of a training.</summary>
/// <param name="Model">The detector.</param>
/// <param name="AP">Mean average precision, IoU 0.5 to 0.95.</param>
/// <param name="AP50">At IoU 0.5.</param>
/// <param name="AP75">At IoU 0.75.</param>
/// <param name="SecondsPerEpoch">Of training, without evaluation.</param>
/// <param name="Size">Parameters, and multiply-adds of one image of 800x1216.</param>
public sealed record ZooResult(
    ZooModel Model, double AP, double AP50, double AP75, double SecondsPerEpoch, DetectorSize Size);

using System.Text.RegularExpressions;

using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Architecture;

/// <summary>Keeps the arrows of docs/architecture.md: a folder may use only what the table gives it.</summary>
public sealed partial class DataFlowTests
{
    // Folder -> the folders it uses. Each stands behind all that it uses: there is no circle.
    private static readonly (string Folder, string[] Uses)[] s_table =
    [
        ("Torch", []),
        ("Torch.Interop", ["Torch"]),
        ("Torch.Tensors", ["Torch", "Torch.Interop"]),
        ("Torch.Ops", ["Torch", "Torch.Interop", "Torch.Tensors"]),
        ("Torch.Modules", ["Torch.Tensors", "Torch.Ops"]),
        ("Torch.Optimizers", ["Torch.Tensors", "Torch.Modules"]),
        ("Torch.Compilation", ["Torch.Interop", "Torch.Tensors", "Torch.Modules"]),
        ("Torch.Files", ["Torch.Interop"]),
        ("Torch.Checkpoints", ["Torch.Interop", "Torch.Tensors", "Torch.Modules", "Torch.Files"]),

        ("Core.Configs", []),
        ("Core.Configs.Evaluation", ["Core.Configs"]),
        ("Core.Configs.Syntax", ["Core.Configs", "Core.Configs.Evaluation"]),
        ("Core.Configs.Parsing", ["Core.Configs", "Core.Configs.Syntax"]),
        ("Core.Configs.Loading",
        [
            "Core.Configs", "Core.Configs.Evaluation", "Core.Configs.Syntax", "Core.Configs.Parsing",
        ]),
        ("Core.Registry", ["Core.Configs", "Core.Configs.Evaluation"]),
        ("Core.Darknet", ["Core.Configs"]),
        ("Core.Structures", ["Torch.Tensors"]),

        ("Data.Imaging", ["Torch.Interop", "Core.Structures"]),
        ("Data.Datasets", ["Torch.Files", "Core.Configs", "Core.Registry"]),
        ("Data.Pipelines", ["Core.Configs", "Core.Registry", "Core.Structures", "Data.Imaging", "Data.Datasets"]),
        ("Data.Datasets.Shapes", ["Core.Structures", "Data.Imaging", "Data.Datasets", "Data.Pipelines"]),
        ("Data.Loading",
        [
            "Torch.Interop", "Torch.Tensors", "Core.Registry", "Core.Structures", "Data.Imaging", "Data.Datasets",
            "Data.Pipelines",
        ]),

        ("Models.Layers", ["Torch.Tensors", "Torch.Ops", "Torch.Modules", "Core.Configs", "Core.Registry"]),
        ("Models.Layers.Darknet", ["Torch.Tensors", "Torch.Ops", "Torch.Modules", "Models.Layers"]),
        ("Models.Layers.YoloV5", ["Torch.Tensors", "Torch.Ops", "Torch.Modules", "Models.Layers"]),
        ("Models.Execution", ["Torch.Tensors", "Torch.Modules", "Torch.Compilation", "Models.Layers"]),
        ("Models.Backbones",
        [
            "Torch.Tensors", "Torch.Modules", "Core.Registry", "Models.Layers", "Models.Layers.Darknet",
            "Models.Layers.YoloV5",
        ]),
        ("Models.Necks",
        [
            "Torch.Tensors", "Torch.Ops", "Torch.Modules", "Core.Configs", "Core.Registry", "Models.Layers",
            "Models.Layers.Darknet",
        ]),
        ("Models.Anchors", ["Torch.Tensors", "Core.Configs", "Core.Registry", "Core.Structures"]),
        ("Models.Assigners", ["Torch.Tensors", "Core.Registry", "Core.Structures"]),
        ("Models.Samplers",
        [
            "Torch.Tensors", "Torch.Modules", "Core.Registry", "Core.Structures", "Models.Assigners",
        ]),
        ("Models.BBoxCoders", ["Torch.Tensors", "Core.Registry", "Core.Structures"]),
        ("Models.Losses", ["Torch.Tensors", "Torch.Ops", "Torch.Modules", "Core.Registry", "Models.Assigners"]),
        ("Models.PostProcessing", ["Torch.Tensors", "Core.Registry", "Core.Structures", "Models.Assigners"]),
        ("Models.DenseHeads",
        [
            "Torch.Tensors", "Torch.Modules", "Core.Registry", "Core.Structures", "Models.Layers", "Models.Anchors",
            "Models.Assigners", "Models.Samplers", "Models.BBoxCoders", "Models.Losses", "Models.PostProcessing",
        ]),
        ("Models.DenseHeads.RetinaNet",
        [
            "Torch.Tensors", "Torch.Modules", "Core.Registry", "Models.Layers", "Models.Anchors", "Models.DenseHeads",
        ]),
        ("Models.DenseHeads.Fcos",
        [
            "Torch.Tensors", "Torch.Modules", "Core.Registry", "Core.Structures", "Models.Layers", "Models.Anchors",
            "Models.BBoxCoders", "Models.Losses", "Models.PostProcessing", "Models.DenseHeads",
        ]),
        ("Models.DenseHeads.Atss",
        [
            "Torch.Tensors", "Torch.Modules", "Core.Registry", "Core.Structures", "Models.Layers", "Models.Anchors",
            "Models.BBoxCoders", "Models.Losses", "Models.DenseHeads",
        ]),
        ("Models.DenseHeads.Gfl",
        [
            "Torch.Tensors", "Torch.Modules", "Core.Registry", "Core.Structures", "Models.Layers", "Models.Anchors",
            "Models.Assigners", "Models.BBoxCoders", "Models.Losses", "Models.DenseHeads", "Models.DenseHeads.Atss",
        ]),
        ("Models.DenseHeads.GuidedAnchoring",
        [
            "Torch.Tensors", "Torch.Ops", "Torch.Modules", "Core.Registry", "Core.Structures", "Models.Layers",
            "Models.Anchors", "Models.Assigners", "Models.Samplers", "Models.BBoxCoders", "Models.Losses",
            "Models.DenseHeads",
        ]),
        ("Models.DenseHeads.Paa",
        [
            "Torch.Tensors", "Core.Registry", "Core.Structures", "Models.Layers", "Models.Anchors",
            "Models.Assigners", "Models.BBoxCoders", "Models.Losses", "Models.PostProcessing", "Models.DenseHeads",
            "Models.DenseHeads.Atss",
        ]),
        ("Models.DenseHeads.Pisa",
        [
            "Torch.Tensors", "Core.Registry", "Core.Structures", "Models.Layers", "Models.Assigners",
            "Models.Losses", "Models.DenseHeads", "Models.DenseHeads.RetinaNet",
        ]),
        ("Models.DenseHeads.Sabl",
        [
            "Torch.Tensors", "Torch.Modules", "Core.Registry", "Core.Structures", "Models.Layers", "Models.Anchors",
            "Models.BBoxCoders", "Models.Losses", "Models.DenseHeads", "Models.DenseHeads.RetinaNet",
        ]),
        ("Models.DenseHeads.Ssd",
        [
            "Torch.Tensors", "Torch.Modules", "Core.Registry", "Core.Structures", "Models.Layers", "Models.Anchors",
            "Models.BBoxCoders", "Models.Losses", "Models.DenseHeads",
        ]),
        ("Models.DenseHeads.Vfnet",
        [
            "Torch.Tensors", "Torch.Ops", "Torch.Modules", "Core.Registry", "Core.Structures", "Models.Layers",
            "Models.Anchors", "Models.Assigners", "Models.BBoxCoders", "Models.Losses", "Models.DenseHeads",
            "Models.DenseHeads.Atss", "Models.DenseHeads.Fcos",
        ]),
        ("Models.DenseHeads.Yolo",
        [
            "Torch.Tensors", "Torch.Ops", "Torch.Modules", "Core.Registry", "Core.Structures", "Models.Layers",
            "Models.Layers.Darknet", "Models.Layers.YoloV5", "Models.Anchors", "Models.Assigners", "Models.Samplers",
            "Models.BBoxCoders", "Models.Losses", "Models.PostProcessing", "Models.DenseHeads",
        ]),
        ("Models.DenseHeads.YoloV5",
        [
            "Torch.Tensors", "Torch.Ops", "Torch.Modules", "Core.Configs", "Core.Registry", "Core.Structures",
            "Models.Layers", "Models.Layers.YoloV5", "Models.Anchors", "Models.Losses", "Models.PostProcessing",
            "Models.DenseHeads", "Models.DenseHeads.Yolo",
        ]),
        ("Models.DenseHeads.Darknet",
        [
            "Torch.Tensors", "Core.Registry", "Core.Structures", "Models.Layers", "Models.Losses",
            "Models.DenseHeads", "Models.DenseHeads.Yolo",
        ]),
        ("Models.Detectors",
        [
            "Torch.Tensors", "Torch.Modules", "Core.Registry", "Core.Structures", "Models.Layers",
            "Models.Layers.Darknet", "Models.Execution", "Models.Backbones", "Models.Necks", "Models.Anchors",
            "Models.Samplers", "Models.Losses", "Models.DenseHeads", "Models.DenseHeads.YoloV5",
        ]),
        ("Models.Detectors.Darknet",
        [
            "Torch.Tensors", "Torch.Ops", "Torch.Modules", "Core.Configs", "Core.Registry", "Core.Darknet",
            "Core.Structures", "Models.Layers", "Models.Execution", "Models.Losses", "Models.DenseHeads",
            "Models.DenseHeads.Darknet", "Models.Detectors",
        ]),
        ("Models.ModelRegistry",
        [
            "Torch.Modules", "Core.Configs", "Core.Configs.Loading", "Core.Registry", "Models.Layers",
            "Models.Backbones", "Models.Necks", "Models.Anchors", "Models.Assigners", "Models.Samplers",
            "Models.BBoxCoders", "Models.Losses", "Models.DenseHeads", "Models.DenseHeads.RetinaNet",
            "Models.DenseHeads.Fcos", "Models.DenseHeads.Atss", "Models.DenseHeads.Gfl",
            "Models.DenseHeads.GuidedAnchoring", "Models.DenseHeads.Paa", "Models.DenseHeads.Pisa",
            "Models.DenseHeads.Sabl", "Models.DenseHeads.Ssd", "Models.DenseHeads.Vfnet", "Models.DenseHeads.Yolo",
            "Models.DenseHeads.YoloV5", "Models.Detectors", "Models.Detectors.Darknet",
        ]),

        ("Engine.Progress", []),
        ("Engine.ForeignModels",
        [
            "Torch.Tensors", "Torch.Files", "Torch.Checkpoints", "Core.Configs", "Core.Configs.Loading",
            "Core.Darknet", "Data.Datasets", "Models.Detectors",
        ]),
        ("Engine.Visualization", ["Core.Structures", "Data.Imaging"]),
        ("Engine.Inference",
        [
            "Torch.Tensors", "Torch.Modules", "Torch.Files", "Torch.Checkpoints", "Core.Configs",
            "Core.Configs.Loading", "Core.Registry", "Core.Structures", "Data.Imaging", "Data.Datasets",
            "Data.Pipelines", "Data.Loading", "Models.Execution", "Models.Detectors", "Models.ModelRegistry",
            "Engine.Progress", "Engine.ForeignModels",
        ]),
        ("Engine.Evaluation", ["Core.Registry", "Core.Structures", "Data.Datasets"]),
        ("Engine.Testing",
        [
            "Torch.Tensors", "Torch.Modules", "Core.Configs.Loading", "Core.Registry", "Core.Structures",
            "Data.Datasets", "Data.Loading", "Models.Detectors", "Engine.Progress", "Engine.Visualization",
            "Engine.Inference", "Engine.Evaluation",
        ]),
        ("Engine.Training.Loop",
        [
            "Torch.Tensors", "Torch.Modules", "Torch.Optimizers", "Torch.Checkpoints", "Core.Structures",
            "Data.Loading", "Models.Losses", "Models.Detectors", "Engine.Progress",
        ]),
        ("Engine.Training.Schedules", ["Core.Configs", "Core.Registry", "Engine.Training.Loop"]),
        ("Engine.Training.Hooks",
        [
            "Torch.Tensors", "Torch.Modules", "Torch.Optimizers", "Torch.Checkpoints", "Core.Configs",
            "Core.Registry", "Models.Losses", "Engine.Progress", "Engine.Evaluation", "Engine.Training.Loop",
            "Engine.Training.Schedules",
        ]),
        ("Engine.Training",
        [
            "Torch.Tensors", "Torch.Modules", "Torch.Optimizers", "Torch.Checkpoints", "Core.Configs",
            "Core.Configs.Loading", "Core.Registry", "Core.Structures", "Data.Datasets", "Data.Loading",
            "Models.Detectors", "Models.ModelRegistry", "Engine.Progress", "Engine.ForeignModels", "Engine.Inference",
            "Engine.Evaluation", "Engine.Training.Loop", "Engine.Training.Hooks",
        ]),
        ("Engine.Conversion",
        [
            "Torch.Tensors", "Torch.Modules", "Torch.Files", "Torch.Checkpoints", "Core.Configs",
            "Core.Configs.Loading", "Core.Darknet", "Data.Datasets", "Models.Detectors", "Models.ModelRegistry",
            "Engine.ForeignModels", "Engine.Inference",
        ]),
        ("Engine.Analysis",
        [
            "Torch.Tensors", "Torch.Modules", "Torch.Files", "Core.Configs.Loading", "Core.Registry", "Core.Structures",
            "Data.Imaging", "Data.Datasets", "Data.Loading", "Models.Layers", "Models.Execution", "Models.DenseHeads",
            "Models.Detectors", "Models.ModelRegistry", "Engine.Inference", "Engine.Visualization",
        ]),
        ("Engine.Analysis.Anchors",
        [
            "Core.Configs.Loading", "Core.Registry", "Data.Datasets", "Data.Pipelines", "Engine.Visualization",
        ]),

        ("Cli",
        [
            "Torch", "Torch.Tensors", "Torch.Ops", "Torch.Checkpoints", "Core.Configs", "Core.Configs.Loading",
            "Core.Structures", "Data.Imaging", "Data.Datasets", "Data.Pipelines", "Data.Datasets.Shapes",
            "Data.Loading", "Engine.Progress", "Engine.ForeignModels", "Engine.Visualization", "Engine.Inference",
            "Engine.Evaluation", "Engine.Testing", "Engine.Training.Loop", "Engine.Training", "Engine.Conversion",
            "Engine.Analysis", "Engine.Analysis.Anchors",
        ]),
    ];

    private readonly SortedDictionary<(string From, string To), string> _arrows = FolderGraph.Arrows();

    [Fact]
    public void EveryUse_FollowsAnArrow()
    {
        var wrong = _arrows.Where(arrow => !Table().Contains(arrow.Key)).Select(arrow =>
            $"{arrow.Key.From} may not use {arrow.Key.To}: {arrow.Value}. " +
            "Move the code, or draw the arrow in docs/architecture.md and here.");

        AssertNone(wrong);
    }

    [Fact]
    public void EveryArrow_IsUsed()
    {
        var wrong = Table().Except(_arrows.Keys).Select(arrow =>
            $"{arrow.From} does not use {arrow.To}. Remove the arrow from docs/architecture.md and from here.");

        AssertNone(wrong);
    }

    [Fact]
    public void EveryFolder_StandsBehindWhatItUses()
    {
        var order = s_table.Select((row, place) => (row.Folder, place)).ToDictionary();

        var wrong = _arrows.Where(arrow =>
                order.GetValueOrDefault(arrow.Key.From, -1) < order.GetValueOrDefault(arrow.Key.To, -1))
            .Select(arrow => $"{arrow.Key.From} stands before {arrow.Key.To}: {arrow.Value}. Move the code to the later one.");

        AssertNone(wrong);
    }

    [Fact]
    public void EveryNamespace_IsItsFolder()
    {
        var root = RepositoryFolder.Under("src");
        var wrong =
            from file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            let folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('/', '.')
            let name = "MMDetSharp." + NamespaceLine().Match(File.ReadAllText(file)).Groups[1].Value
            where name.Length > "MMDetSharp.".Length && name != folder
            select $"{Path.GetRelativePath(root, file)} has the namespace {name}; its folder says {folder}.";

        AssertNone(wrong);
    }

    private static void AssertNone(IEnumerable<string> wrong) => Assert.True(!wrong.Any(), string.Join('\n', wrong));

    private static IEnumerable<(string From, string To)> Table() =>
        s_table.SelectMany(row => row.Uses.Select(to => (row.Folder, to)));

    [GeneratedRegex(@"^namespace MMDetSharp\.([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}

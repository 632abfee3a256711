using System.Text.RegularExpressions;

using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Architecture;

/// <summary>Keeps the arrows of docs/architecture.md: a folder may use only what the table gives it.</summary>
public sealed partial class DataFlowTests
{
    private static readonly string[] s_torch =
        ["Torch.Tensors", "Torch.Ops", "Torch.Modules", "Torch.Optimizers", "Torch.Files", "Torch.Checkpoints", "Torch.Compilation"];

    private static readonly string[] s_core = ["Core.Configs", "Core.Registry", "Core.Structures"];

    // Folder -> the folders it may use, besides itself and those below it. One line per arrow of the drawing.
    private static readonly Dictionary<string, string[]> s_arrows = new()
    {
        ["Torch.Interop"] = ["Torch.Tensors"],
        ["Torch.Tensors"] = ["Torch.Interop"],
        ["Torch.Ops"] = ["Torch.Interop", "Torch.Tensors"],
        ["Torch.Modules"] = ["Torch.Ops", "Torch.Tensors"],
        ["Torch.Optimizers"] = ["Torch.Modules", "Torch.Tensors"],
        ["Torch.Files"] = ["Torch.Interop"],
        ["Torch.Checkpoints"] = ["Torch.Files", "Torch.Interop", "Torch.Modules", "Torch.Tensors"],
        ["Torch.Compilation"] = ["Torch.Interop", "Torch.Modules", "Torch.Tensors"],
        ["Core.Configs"] = [],
        ["Core.Darknet"] = ["Core.Configs"],
        ["Core.Registry"] = ["Core.Configs"],
        ["Core.Structures"] = ["Torch.Tensors"],
        ["Data.Imaging"] = ["Core.Structures", "Torch.Interop"],
        ["Data.Datasets"] = [.. s_core, "Data.Imaging", "Data.Pipelines", "Torch.Files"],
        ["Data.Pipelines"] = [.. s_core, "Data.Datasets", "Data.Imaging"],
        ["Data.Loading"] = ["Core.Structures", "Data.Datasets", "Data.Pipelines", "Torch.Interop", "Torch.Tensors"],
        ["Models.Layers"] = ["Torch.Modules", "Torch.Ops", "Torch.Tensors"],
        ["Models.Backbones"] = ["Models.Layers", "Torch.Modules", "Torch.Tensors"],
        ["Models.Necks"] = ["Models.Layers", "Torch.Modules", "Torch.Ops", "Torch.Tensors"],
        ["Models.Anchors"] = ["Core.Structures", "Torch.Tensors"],
        ["Models.Assigners"] = ["Core.Structures", "Torch.Tensors"],
        ["Models.Samplers"] = ["Core.Structures", "Models.Assigners", "Torch.Tensors"],
        ["Models.BBoxCoders"] = ["Core.Structures", "Torch.Tensors"],
        ["Models.Losses"] = ["Models.Assigners", "Torch.Ops", "Torch.Tensors"],
        ["Models.PostProcessing"] = ["Core.Structures", "Torch.Tensors"],
        ["Models.DenseHeads"] =
        [
            "Core.Structures", "Models.Anchors", "Models.Assigners", "Models.BBoxCoders", "Models.Layers",
            "Models.Losses", "Models.PostProcessing", "Models.Samplers", "Torch.Modules", "Torch.Ops", "Torch.Tensors",
        ],
        ["Models.Detectors"] =
        [
            .. s_core, "Core.Darknet", "Models.Anchors", "Models.Backbones", "Models.DenseHeads", "Models.Layers", "Models.Losses",
            "Models.ModelRegistry", "Models.Necks", "Torch.Modules", "Torch.Ops", "Torch.Tensors",
        ],
        ["Models.ModelRegistry"] =
        [
            .. s_core, "Core.Darknet", "Models.Anchors", "Models.Assigners", "Models.BBoxCoders", "Models.Backbones",
            "Models.DenseHeads", "Models.Detectors", "Models.Layers", "Models.Losses", "Models.Necks",
            "Models.PostProcessing", "Models.Samplers",
        ],
        ["Engine.Conversion"] =
        [
            .. s_core, .. s_torch, "Core.Darknet", "Data.Datasets", "Engine.Inference", "Models.Detectors",
        ],
        ["Engine.Evaluation"] = [.. s_core, "Data.Datasets"],
        ["Engine.Visualization"] = ["Core.Structures", "Data.Imaging"],
        ["Engine.Analysis"] =
        [
            .. s_core, "Data.Datasets", "Data.Imaging", "Data.Pipelines", "Engine.Training", "Engine.Visualization",
            "Torch.Files",
        ],
        ["Engine.Inference"] =
        [
            .. s_core, .. s_torch, "Core.Darknet", "Data.Datasets", "Data.Imaging", "Data.Loading", "Data.Pipelines",
            "Engine.Conversion", "Engine.Evaluation", "Engine.Training", "Engine.Visualization", "Models.Detectors",
        ],
        ["Engine.Training"] =
        [
            .. s_core, .. s_torch, "Data.Datasets", "Data.Loading", "Data.Pipelines", "Engine.Evaluation",
            "Engine.Inference", "Models.Detectors", "Models.Losses",
        ],
        ["Cli"] =
        [
            .. s_core, .. s_torch, "Data.Datasets", "Data.Imaging", "Data.Loading", "Data.Pipelines", "Engine.Analysis",
            "Engine.Conversion", "Engine.Inference", "Engine.Training", "Engine.Visualization",
        ],
    };

    [Fact]
    public void EveryUsing_FollowsAnArrow()
    {
        var root = RepositoryFolder.Under("src");
        var wrong =
            from file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            let text = File.ReadAllText(file)
            let folder = Owner(NamespaceLine().Match(text).Groups[1].Value)
            where folder.Length > 0
            from Match use in UsingLine().Matches(text)
            let target = Owner(use.Groups[1].Value)
            where target != folder && !s_arrows.GetValueOrDefault(folder, []).Contains(target)
            select $"{Path.GetRelativePath(root, file)} uses MMDetSharp.{target}; {folder} may not. " +
                   "Move the code, or draw the arrow in docs/architecture.md and here.";

        Assert.Empty(wrong);
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

        Assert.Empty(wrong);
    }

    // Folders below one of the table belong to it: Engine.Training.Hooks to Engine.Training.
    private static string Owner(string name) =>
        s_arrows.Keys.FirstOrDefault(key => name.StartsWith(key + ".", StringComparison.Ordinal)) ?? name;

    [GeneratedRegex(@"^namespace MMDetSharp\.([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^using MMDetSharp\.([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();
}

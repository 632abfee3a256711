using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Backbones;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Models.Necks;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models;

/// <summary>Backbone and neck of the recorded models that have a ResNet and a feature pyramid.</summary>
[Trait("Category", "Golden")]
public sealed class GoldenFeatureTests
{
    // Other kernels sum in another order: the reference differs from itself by up to 3.3e-5 where values reach 26.
    private const double Absolute = 1e-4;
    private const double Relative = 1e-4;

    /// <summary>The models, each combination of backbone and neck once.</summary>
    public static TheoryData<string> Models =>
        [.. Candidates().DistinctBy(model => model.Text).Select(model => model.Name)];

    /// <summary>The models, all combinations as often as they were recorded.</summary>
    public static TheoryData<string> All => [.. Candidates().Select(model => model.Name)];

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void Evaluation_RecordedMaps(string model)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var (file, backbone, neck) = Build(model);
        backbone.Eval();
        neck.Eval();

        var maps = backbone.Call(Input(file).Narrow(0, 0, 1));
        var levels = neck.Call(maps);

        AssertMaps(file, "eval/backbone", maps);
        AssertMaps(file, "eval/neck", levels);
        backbone.Dispose();
        neck.Dispose();
    }

    [GoldenTheory]
    [MemberData(nameof(Models))]
    public void Training_RecordedMaps(string model)
    {
        using var scope = TensorScope.Begin();
        var (file, backbone, neck) = Build(model);
        backbone.Train();
        neck.Train();

        var maps = backbone.Call(Input(file));
        var levels = neck.Call(maps);

        AssertMaps(file, "train/backbone", maps);
        AssertMaps(file, "train/neck", levels);
        backbone.Dispose();
        neck.Dispose();
    }

    [GoldenTheory("retinanet_r50_fpn_coco.manifest.json")] // held-out folders have no manifests
    [MemberData(nameof(All))]
    public void StateDict_RecordedKeysShapesAndGradients(string model)
    {
        var manifest = GoldenManifest.Open(model);
        var (_, backbone, neck) = Build(model, fill: false);
        Assert.Equal(Recorded(manifest, "backbone."), Present(backbone, "backbone."));
        Assert.Equal(Recorded(manifest, "neck."), Present(neck, "neck."));

        var learned = manifest.Parameters.ToDictionary(entry => entry.Name, entry => entry.RequiresGrad);
        Assert.All(backbone.NamedParameters(), entry => Assert.Equal(
            learned["backbone." + entry.Name], entry.Tensor.RequiresGrad));
        backbone.Dispose();
        neck.Dispose();
    }

    private static IEnumerable<string> Recorded(GoldenManifest manifest, string prefix) => manifest.StateDict
        .Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
        .Select(entry => $"{entry.Key} ({string.Join(", ", entry.Shape)})");

    private static IEnumerable<string> Present(Module module, string prefix) =>
        module.StateDict().Select(entry => $"{prefix}{entry.Name} ({string.Join(", ", entry.Tensor.Shape)})");

    private static void AssertMaps(GoldenFile file, string name, Tensor[] maps)
    {
        for (var level = 0; level < maps.Length; level++)
        {
            file.AssertClose($"{name}/{level}", maps[level].ToArray(), maps[level].Shape, Absolute, Relative);
        }

        Assert.False(file.Has($"{name}/{maps.Length}"));
    }

    private static Tensor Input(GoldenFile file)
    {
        long[] shape = [.. file.Metadata["input_shape"].Trim('[', ']').Split(',').Select(long.Parse)];
        return Tensor.From(GoldenFill.Input(file.Metadata["input_key"], shape), shape);
    }

    private static (GoldenFile File, Backbone Backbone, Neck Neck) Build(string model, bool fill = true)
    {
        var file = GoldenFile.Open(model + ".safetensors");
        var reader = new ConfigReader(ModelNode(file)!, "model");
        var backbone = BackboneTable.Backbones.Build(reader.Node("backbone")).Create();
        var neck = NeckTable.Build(reader, "neck")!.Create();
        if (fill)
        {
            GoldenWeights.Fill(backbone, "backbone.");
            GoldenWeights.Fill(neck, "neck.");
        }

        return (file, backbone, neck);
    }

    private static IEnumerable<(string Name, string Text)> Candidates()
    {
        if (!Directory.Exists(RepositoryFolder.Goldens))
        {
            yield break;
        }

        var paths = Directory.EnumerateFiles(RepositoryFolder.Goldens, "*.safetensors");
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            var model = ModelNode(GoldenFile.OpenPath(path));
            if (model is not null && HasType(model, "backbone", "ResNet") && HasType(model, "neck", "FPN"))
            {
                yield return (Path.GetFileNameWithoutExtension(path), $"{model["backbone"]} {model["neck"]}");
            }
        }
    }

    private static bool HasType(ConfigNode model, string part, string type) =>
        model.TryGet(part, out var value) && value is ConfigNode node && node["type"].ToString() == $"'{type}'";

    // The recipe of a recorded model; null when it is not there.
    private static ConfigNode? ModelNode(GoldenFile file)
    {
        var path = RepositoryFolder.Under($"configs/{file.Metadata.GetValueOrDefault("config")}.py");
        return File.Exists(path) ? Config.Load(path).Root["model"] as ConfigNode : null;
    }
}

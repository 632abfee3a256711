using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Engine.Analysis;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Engine.Analysis;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class ModelZooTests
{
    public static TheoryData<string> Names => [.. ModelZoo.Models.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Models_Each_HasARecipeThatBuildsAndAPublishedAP(string name)
    {
        var model = ModelZoo.Models.Single(one => one.Name == name);

        using var detector = DetectorBuilder.Build(Config.Load(RepositoryFolder.Under(model.Recipe)));

        Assert.Equal(3, detector.ClassCount);
        Assert.Matches(
            "Expected box AP on COCO val2017: [0-9.]+", File.ReadAllText(RepositoryFolder.Under(model.CocoRecipe)));
    }

    [Fact]
    public void Models_AreAllQuickstartRecipes() => Assert.Equal(
        Directory.EnumerateFiles(RepositoryFolder.Under("configs/quickstart")).Select(Path.GetFileName).Order(),
        ModelZoo.Models.Select(model => Path.GetFileName(model.Recipe)).Order());

    [Fact]
    public void Table_OneResult_IsARowOfMarkdown()
    {
        var model = new ZooModel("some", "Some", "configs/some.py", "configs/missing.py");

        var table = ModelZoo.Table([new(model, 0.1234, 0.5, 0.25, 3.14159, new(1_234_567, 8_765_432_100))]);

        Assert.Equal(
            "| [Some](../configs/some.py) | 0.123 | 0.500 | 0.250 | 3.1 | 1.23 | 8.8 | [unknown](../configs/missing.py) |",
            table.Split('\n')[2]);
    }

    // MMDetection's documentation shows 239.32 GFLOPs and 37.74 M parameters; it counts batch norms, activations and pooling too.
    [Fact]
    public void Measure_RetinaNet_IsWhatMMDetectionPublished()
    {
        var size = DetectorSize.Measure(
            Config.Load(RepositoryFolder.Under("configs/retinanet/retinanet_r50_fpn_coco.py")), 800, 1280);

        Assert.InRange(size.Parameters / 1e6, 37.73, 37.75);
        Assert.InRange(size.MultiplyAdds / 239.32e9, 0.97, 1.0);
    }
}

using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Registry;

namespace MMDetSharp.Tests.Core.Registry;

public class RegistryTests
{
    private static readonly Registry<string> Backbones = new("backbone", new()
    {
        ["ResNet"] = reader => $"ResNet-{reader.Int("depth")}",
        ["Darknet"] = reader => $"Darknet-{reader.Int("depth", 53)}",
    });

    [Fact]
    public void Build_KnownType_CallsItsFactory() =>
        Assert.Equal("ResNet-50", Backbones.Build(Reader("backbone = dict(type='ResNet', depth=50)")));

    [Fact]
    public void Build_WithContext_PassesIt()
    {
        var heads = new ContextRegistry<string, int>("head", new() { ["A"] = (_, classes) => $"A of {classes}" });

        Assert.Equal("A of 80", heads.Build(Reader("backbone = dict(type='A')"), 80));
    }

    [Fact]
    public void Build_UnknownType_SuggestsAndLists()
    {
        var reader = Reader("backbone = dict(\n    type='ResNt')");

        var error = Assert.Throws<ConfigException>(() => Backbones.Build(reader));

        Assert.Equal(
            "config.py:2: backbone.type must name a backbone, got 'ResNt'. Did you mean ResNet? "
                + "Known are Darknet, ResNet.",
            error.Message);
    }

    [Fact]
    public void Build_MissingType_ListsTheKnown()
    {
        var error = Assert.Throws<ConfigException>(() => Backbones.Build(Reader("backbone = dict(depth=50)")));

        Assert.Equal(
            "config.py:1: backbone has no type: it must name a backbone. Add type='...', one of Darknet, ResNet.",
            error.Message);
    }

    [Fact]
    public void Build_UnknownKey_IsRefusedAfterBuilding()
    {
        var error = Assert.Throws<ConfigException>(
            () => Backbones.Build(Reader("backbone = dict(type='ResNet', depth=50, styel='caffe')")));

        Assert.Equal(
            "config.py:1: backbone.styel is not an option of ResNet. Remove it.\nResNet knows depth, type.",
            error.Message);
    }

    [Fact]
    public void Build_MissingKey_NamesIt()
    {
        var error = Assert.Throws<ConfigException>(() => Backbones.Build(Reader("backbone = dict(type='ResNet')")));

        Assert.Equal(
            "config.py:1: backbone.depth is missing: ResNet needs an int there. Add depth=... to the dict.",
            error.Message);
    }

    private static ConfigReader Reader(string text) => new ConfigReader(Config.Parse(text).Root).Node("backbone");
}

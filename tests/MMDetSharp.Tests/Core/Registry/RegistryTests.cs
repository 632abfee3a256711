using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;

namespace MMDetSharp.Tests.Core.Registry;

public class RegistryTests
{
    private static readonly Registry<string> Backbones = new("backbone", new()
    {
        ["ResNet"] = reader => $"ResNet-{reader.Int("depth")}",
        ["Darknet"] = reader => $"Darknet-{reader.Int("depth", 53)}",
    });

    private static readonly ContextRegistry<string, int> Refusing = new("backbone", new()
    {
        ["ResNet"] = (_, depth) => throw new ArgumentException($"ResNet: depth must be 18 or 50, got {depth}. Correct it."),
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

    [Fact]
    public void Build_OptionsThatTheClassRefuses_TellsFileAndLineOfTheInnermostNode()
    {
        var outer = new Registry<string>("model", new() { ["M"] = reader => Refusing.Build(reader.Node("backbone"), 101) });

        var error = Assert.Throws<ConfigException>(
            () => outer.Build(Reader("backbone = dict(\n    type='M',\n    backbone=dict(type='ResNet'))")));

        Assert.Equal("config.py:3: backbone.backbone: ResNet: depth must be 18 or 50, got 101. Correct it.", error.Message);
        Assert.IsType<ArgumentException>(error.InnerException);
    }

    [Fact]
    public void Build_UnknownKey_FreesWhatWasBuilt()
    {
        using var built = new MemoryStream();
        var table = new Registry<MemoryStream>("stream", new() { ["S"] = _ => built });

        Assert.Throws<ConfigException>(() => table.Build(Reader("backbone = dict(type='S', sise=3)")));

        Assert.False(built.CanRead);
    }

    private static ConfigReader Reader(string text) => new ConfigReader(Config.Parse(text).Root).Node("backbone");
}

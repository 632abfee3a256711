using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;

namespace MMDetSharp.Tests.Core.Configs;

public class ConfigOverridesTests
{
    private const string Text = "lr = 0.1\nmodel = dict(depth=50)\npipeline = [dict(scale=1), dict(flip=0.5)]\n"
        + "workflow = [('train', 1)]";

    [Theory]
    [InlineData("5", "5")]
    [InlineData("-3", "-3")]
    [InlineData("1_000", "1000")]
    [InlineData("0.02", "0.02")]
    [InlineData("1e-4", "0.0001")]
    [InlineData("inf", "inf")]
    [InlineData("True", "True")]
    [InlineData("false", "False")]
    [InlineData("None", "None")]
    [InlineData("none", "'none'")]
    [InlineData("SGD", "'SGD'")]
    [InlineData("", "''")]
    [InlineData("a=b", "'a=b'")]
    [InlineData("torchvision://resnet50", "'torchvision://resnet50'")]
    [InlineData("'5'", "'5'")]
    [InlineData("\"two words\"", "'two words'")]
    [InlineData("1,2,3", "[1, 2, 3]")]
    [InlineData("[1, 2.5, a]", "[1, 2.5, 'a']")]
    [InlineData("(1333,800)", "(1333, 800)")]
    [InlineData("(1,)", "(1,)")]
    [InlineData("[]", "[]")]
    [InlineData("[(1,2),(3,4)]", "[(1, 2), (3, 4)]")]
    [InlineData("(1,2),(3,4)", "[(1, 2), (3, 4)]")]
    [InlineData("'[(a,b),(c,d)]'", "[('a', 'b'), ('c', 'd')]")]
    [InlineData("['a,b',c]", "['a,b', 'c']")]
    [InlineData("1,", "[1]")]
    public void Load_Override_ReadsItsValue(string written, string expected)
    {
        var config = Config.Parse(Text, overrides: [$"lr={written}"]);

        Assert.Equal(expected, config.Root["lr"].ToString());
    }

    [Fact]
    public void Load_OverrideOfNestedKey_KeepsTheOthers()
    {
        var config = Config.Parse(Text, overrides: ["model.depth=101", "model.style=caffe", "data.train.times=2"]);

        Assert.Equal("{'depth': 101, 'style': 'caffe'}", config.Root["model"].ToString());
        Assert.Equal("{'train': {'times': 2}}", config.Root["data"].ToString());
    }

    [Fact]
    public void Load_OverrideOfAnItem_ChangesOnlyIt()
    {
        var config = Config.Parse(Text, overrides: ["pipeline.0.scale=(2,3)", "pipeline.1.name=x", "workflow.0.1=4"]);

        Assert.Equal("[{'scale': (2, 3)}, {'flip': 0.5, 'name': 'x'}]", config.Root["pipeline"].ToString());
        Assert.Equal("[('train', 4)]", config.Root["workflow"].ToString());
    }

    [Fact]
    public void Load_OverrideWithDelete_ReplacesTheDict()
    {
        var config = Config.Parse(Text, overrides: ["model._delete_=True", "model.type=Other"]);

        Assert.Equal("{'type': 'Other'}", config.Root["model"].ToString());
    }

    [Fact]
    public void Load_Override_ComesFromTheCommandLine()
    {
        var config = Config.Parse(Text, overrides: ["model.depth=101"]);

        var origin = ((ConfigNode)config.Root["model"]).Find("depth")!.Origin;
        Assert.Equal("--cfg-options model.depth=101", origin.ToString());
    }

    [Theory]
    [InlineData("lr", "--cfg-options lr: an override must be written key=value. Add the '=' and the value.")]
    [InlineData("=5", "--cfg-options =5: an override must be written key=value. Add the '=' and the value.")]
    [InlineData("a..b=5", "--cfg-options a..b=5: a key of an override must not be empty. Write a.b=value.")]
    [InlineData(
        "pipeline.2.scale=1",
        "--cfg-options pipeline.2.scale=1: pipeline is a list of 2 items, found the key 2. "
            + "Use the number of an item, from 0.")]
    [InlineData(
        "lr.x=1",
        "--cfg-options lr.x=1: lr is a dict here, but the float 0.1 in the base (config.py:1). "
            + "Add _delete_=True to the dict to replace the base.")]
    [InlineData(
        "norm=dict(type='GN', num_groups=8)",
        "--cfg-options norm=dict(type='GN', num_groups=8): a value must be a number, a word, or a list or tuple of them, got "
        + "dict(type='GN', num_groups=8). Set the keys of a dict one by one: a.b.type=GN a.b.num_groups=8; put text with commas "
        + "into quotes.")]
    [InlineData("lr=[1,(2]", "--cfg-options lr=[1,(2]: the brackets of (2 must be balanced. Add the missing one.")]
    public void Load_BadOverride_SaysWhatToDo(string option, string message)
    {
        var error = Assert.Throws<ConfigException>(() => Config.Parse(Text, overrides: [option]));

        Assert.Equal(message, error.Message);
    }
}

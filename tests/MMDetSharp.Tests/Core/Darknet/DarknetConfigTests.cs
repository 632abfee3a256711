using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Darknet;

namespace MMDetSharp.Tests.Core.Darknet;

public sealed class DarknetConfigTests
{
    [Fact]
    public void Parse_CommentsBlanksAndRepeatedKeys_ReadAsDarknetDoes()
    {
        var config = DarknetConfig.Parse(
            "# about\r\n[net]\r\n wid th = 32 \n;old\nscales=.1, .1 # two\n\n[yolo]\nmask = 0,1,2,\nmask=3\njitter=.3", "a.cfg");

        Assert.Equal((32, "a.cfg:3"), (config.Net.Int("width", 0), config.Net.Options[0].Origin.ToString()));
        Assert.Equal([0.1, 0.1], config.Net.Floats("scales"));
        var layer = Assert.Single(config.Layers);
        Assert.Equal(("yolo", "a.cfg:7"), (layer.Type, layer.Origin.ToString()));
        Assert.Equal([0, 1, 2], layer.Ints("mask"));
        Assert.Equal(0.3, layer.Float("jitter", 0));
        Assert.Equal(0.5, layer.Float("ignore_thresh", 0.5));
        Assert.Empty(layer.Floats("anchors"));
    }

    [Theory]
    [InlineData("", "a.cfg:1: ", "must begin with [net]", "no section")]
    [InlineData("[yolo]\n", "a.cfg:1: ", "must begin with [net]", "[yolo]")]
    [InlineData("[net\n", "a.cfg:1: ", "Close the bracket")]
    [InlineData("width=3\n", "a.cfg:1: ", "'width=3'")]
    [InlineData("[net]\nwidth\n", "a.cfg:2: ", "'width'")]
    public void Parse_NoCfg_NamesTheLine(string text, params string[] parts) =>
        Fails(() => DarknetConfig.Parse(text, "a.cfg"), parts);

    [Fact]
    public void Read_WrongValue_NamesKeyAndLine()
    {
        var net = DarknetConfig.Parse("[net]\nwidth=wide\nsteps=1,x\nact=relv", "a.cfg").Net;

        Fails(() => net.Int("width", 0), "a.cfg:2: [net] width must be a whole number, got 'wide'");
        Fails(() => net.Floats("steps"), "a.cfg:3: [net] steps must be a number, got 'x'");
        Fails(() => net.Choice("act", "relu", "relu", "leaky"), "a.cfg:4: ", "Did you mean relu?");
        Fails(() => net.Count("height", 0), "a.cfg:1: [net] height must be at least 1");
        Fails(() => net.Refuse("width", "x"), "must be a number");
    }

    [Fact]
    public void Done_UnknownKey_NamesTheNearestKnownOne()
    {
        var net = DarknetConfig.Parse("[net]\nheigth=3", "a.cfg").Net;
        net.Int("height", 0);
        net.Int("width", 0);

        Fails(net.Done, "a.cfg:2: heigth is not a key of [net]. Did you mean height?");
    }

    [Fact]
    public void Load_NoFile_SaysSo() => Fails(() => DarknetConfig.Load("none.cfg"), "none.cfg: ", "there is no such file");

    private static void Fails(Action action, params string[] parts)
    {
        var error = Assert.Throws<ConfigException>(action);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}

using MMDetSharp.Core.Configs;

namespace MMDetSharp.Tests.Models.Detectors.Darknet;

/// <summary>What cannot be a network: one message with file and line each.</summary>
public sealed class DarknetBuilderTests
{
    [Theory]
    [InlineData("[route]\nlayers=0\n", "a.cfg:6: [route] layers must name layers before this one, which is layer 0", "cycle")]
    [InlineData("[route]\nlayers=5\n", "a.cfg:6: ", "a later one: a cycle")]
    [InlineData("[route]\nlayers=-3\n", "a.cfg:6: ", "3 before the first")]
    [InlineData("[route]\n", "a.cfg:5: [route] layers is missing")]
    [InlineData("[route]\nlayers=a\n", "a.cfg:6: [route] layers must be a whole number")]
    [InlineData("[maxpool]\nstride=2\n[maxpool]\nstride=2\n[route]\nlayers=-1,0\n",
        "a.cfg:10: ", "one width and height", "2 x 2 x 2 and 4 x 4 x 2")]
    [InlineData("[maxpool]\nstride=2\n[maxpool]\nstride=2\n[shortcut]\nfrom=0\n", "a.cfg:10: ", "the size of the layer before")]
    [InlineData("[convolutional]\nactivation=leeky\n", "a.cfg:6: [convolutional] activation", "Did you mean leaky?")]
    [InlineData("[convolutional]\nfliters=3\n", "a.cfg:6: fliters is not a key of [convolutional]. Did you mean filters?")]
    [InlineData("[convolutionel]\n", "a.cfg:5: [convolutionel] is no section of Darknet. Did you mean convolutional?")]
    [InlineData("[connected]\noutput=3\n", "a.cfg:5: [connected] is a section of Darknet that is not supported")]
    [InlineData("[convolutional]\nantialiasing=1\n", "a.cfg:6: [convolutional] antialiasing", "not supported")]
    [InlineData("[convolutional]\ngroups=3\n", "a.cfg:6: [convolutional] groups must divide the 2 channels")]
    [InlineData("[convolutional]\ngroups=2\nfilters=3\n", "a.cfg:7: [convolutional] filters must be a multiple of groups")]
    [InlineData("[convolutional]\nsize=9\n", "a.cfg:5: [convolutional] gives nothing", "8 x 8 x 2")]
    [InlineData("[convolutional]\nfilters=7\n[yolo]\nnum=1\nclasses=1\n", "a.cfg:7: [yolo] needs 1 anchors x (5 + 1 classes) = 6",
        "gives 7", "filters=6")]
    [InlineData("[convolutional]\nfilters=6\n[yolo]\nnum=1\nmask=1\n", "a.cfg:9: [yolo] mask must name anchors of 0 to 0")]
    [InlineData("[convolutional]\nfilters=6\n[yolo]\nnum=2\nanchors=1,2,3\n", "a.cfg:9: [yolo] anchors", "4 numbers, got 3")]
    [InlineData(TinyDarknet.Head + "[convolutional]\nfilters=3\n", "must not read the detection layer before it")]
    [InlineData(TinyDarknet.Head + "[route]\nlayers=-1\n", "must not name a detection layer", "a.cfg:8")]
    [InlineData("[convolutional]\nfilters=6\n", "a.cfg:1: [net] describes no detector")]
    [InlineData("[reorg]\nstride=3\n", "a.cfg:6: [reorg] stride must divide width and height")]
    [InlineData("[scale_channels]\nfrom=-1\n", "a.cfg:6: ", "1 before the first")]
    public void Build_NoNetwork_NamesTheLine(string layers, params string[] parts)
    {
        var error = Assert.Throws<ConfigException>(() => TinyDarknet.Build(layers));

        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Build_KeysOfTraining_AreAccepted()
    {
        const string Layers =
            "[convolutional]\nfilters=6\nlearning_rate=0.1\nstopbackward=1\n" +
            "[yolo]\nnum=1\nclasses=1\njitter=.3\nrandom=1\nmax=300\nresize=1.5\n";

        using var network = TinyDarknet.Build(Layers);

        Assert.Equal(2, network.Layers.Count);
    }
}

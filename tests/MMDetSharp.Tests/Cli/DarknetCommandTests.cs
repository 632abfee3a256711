using MMDetSharp.Data.Imaging;
using MMDetSharp.Tests.Models.Detectors.Darknet;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Cli;

/// <summary>Darknet's files on the command line: as they are, converted, and broken.</summary>
[Collection(UsesConsole.Name)]
public sealed class DarknetCommandTests : IDisposable
{
    private const int Numbers = 18; // 6 biases, 6 x 2 kernels
    private readonly TemporaryFolder _folder = new();

    public DarknetCommandTests()
    {
        _folder.Write("a.cfg", TinyDarknet.Text(TinyDarknet.Head.Replace("classes=1", "classes=1\n#", StringComparison.Ordinal))
            .Replace("channels=2", "channels=3", StringComparison.Ordinal));
        WriteWeights(24);
        using var image = Image.Create(new(40, 60), PixelType.UInt8, 9, 90, 200);
        ImageFile.Write(image, _folder.Under("a.png"));
    }

    [Fact]
    public void Demo_CfgAndWeights_FindsAndNames()
    {
        _folder.Write("a.names", "ball\n");

        var result = Demo("a.weights", "--score-thr", "0.2", "--out", _folder.Under("out.png")).Succeeded();

        // All weights are 0: objectness and class are 0.5 everywhere, 8 x 8 boxes of 4 pixels that do not overlap much.
        Assert.Contains("ball", result.Output, StringComparison.Ordinal);
        Demo("a.weights", "--score-thr", "0.3", "--out", _folder.Under("out.png")).Succeeded();
    }

    [Fact]
    public void Convert_ThereAndBack_TellsWhatItWrote()
    {
        var result = MmdetProcess.Run(
            "convert", "darknet", _folder.Under("a.cfg"), _folder.Under("a.weights"), _folder.Under("a.pth")).Succeeded();

        Assert.Contains("24 numbers of a network that has seen 0 images", result.Output, StringComparison.Ordinal);
        Assert.Contains("a.py: its config", result.Output, StringComparison.Ordinal);
        MmdetProcess.Run("demo", _folder.Under("a.png"), _folder.Under("a.py"), _folder.Under("a.pth"), "--out",
            _folder.Under("out.png")).Succeeded();
        MmdetProcess.Run(
            "convert", "to-darknet", _folder.Under("a.py"), _folder.Under("a.pth"), _folder.Under("b.weights")).Succeeded();
        Assert.Equal(File.ReadAllBytes(_folder.Under("a.weights")), File.ReadAllBytes(_folder.Under("b.weights")));
    }

    [Fact]
    public void Config_OfACfg_IsAConfig()
    {
        var result = MmdetProcess.Run("config", _folder.Under("a.cfg")).Succeeded();

        Assert.Contains("type='DarknetDetector'", result.Output, StringComparison.Ordinal);
        Assert.Contains("DarknetResize", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Demo_TruncatedWeights_SaysHowManyNumbers()
    {
        WriteWeights(Numbers);

        Demo("a.weights").Failed(1, "a.weights: must hold 24 numbers for this network, holds 18", "cut short");
    }

    [Fact]
    public void Demo_BrokenFiles_NamesThem()
    {
        Demo("none.weights").Failed(1, "none.weights: there is no such file");
        MmdetProcess.Run("demo", _folder.Under("a.png"), _folder.Under("a.cfg"))
            .Failed(1, "a.cfg: weights are needed", "a.weights");
        MmdetProcess.Run("demo", _folder.Under("a.png"), _folder.Under("none.cfg"), _folder.Under("a.weights"))
            .Failed(1, "none.cfg: a Darknet cfg is needed, but there is no such file");
        Demo("a.weights", "--names", _folder.Under("none.names")).Failed(1, "none.names");
        Demo("a.weights", "--names", _folder.Write("two.names", "a\nb\n"))
            .Failed(1, "two.names: must hold one name for each of the 1 classes", "holds 2");
        _folder.Write("a.cfg", TinyDarknet.Text("[route]\nlayers=0\n" + TinyDarknet.Head));
        Demo("a.weights").Failed(1, "a.cfg:6: [route] layers must name layers before this one", "a cycle");
        MmdetProcess.Run(
            "convert", "darknet", _folder.Under("a.cfg"), _folder.Under("a.weights"), _folder.Under("a.pth"))
            .Failed(1, "a.cfg:6: [route] layers");
    }

    [Fact]
    public void Test_WithoutAnnotations_IsWrongUsage() => MmdetProcess.Run(
        "test", _folder.Under("a.cfg"), _folder.Under("a.weights"), "--eval", "bbox").Failed(2, "--ann COCO.json --images DIR");

    public void Dispose() => _folder.Dispose();

    private MmdetResult Demo(string weights, params string[] more) => MmdetProcess.Run(
        ["demo", _folder.Under("a.png"), _folder.Under("a.cfg"), _folder.Under(weights), .. more]);

    private void WriteWeights(int numbers)
    {
        var bytes = new byte[20 + (numbers * 4)];
        bytes[4] = 2;
        File.WriteAllBytes(_folder.Under("a.weights"), bytes);
    }
}

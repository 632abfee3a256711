using MMDetSharp.Tests.Engine.Inference;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Cli;

/// <summary>What all verbs share: help, wrong usage, stack traces on demand.</summary>
[Collection(UsesConsole.Name)]
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("train", "CONFIG --work-dir --resume-from --no-validate --seed --deterministic --device --cfg-options")]
    [InlineData(
        "test",
        "CONFIG CHECKPOINT --eval --out --format-only --show --show-dir --show-score-thr --eval-options --device "
        + "--cfg-options")]
    [InlineData("demo", "IMAGE CONFIG CHECKPOINT --out --json --score-thr --device --cfg-options")]
    [InlineData("config", "CONFIG --json --origins --cfg-options")]
    [InlineData("convert", "voc2coco")]
    [InlineData("convert voc2coco", "VOC_ROOT --split --out --classes")]
    [InlineData("analyze", "curves")]
    [InlineData("analyze curves", "LOG --out")]
    [InlineData("env", "--debug")]
    [InlineData("quickstart", "--work-dir --seed")]
    [InlineData("", "train test demo config convert analyze env quickstart --debug")]
    public void Run_Help_ListsArgumentsAndOptions(string verb, string expected)
    {
        var result = MmdetProcess.Run([.. Words(verb), "--help"]).Succeeded();

        Assert.All(Words(expected), word => Assert.Matches($@"(?m)^\s+<?{word}\b", result.Output));
        Assert.Empty(result.Errors);
    }

    [Theory]
    [InlineData("trian config.py", "trian")]
    [InlineData("train", "CONFIG")]
    [InlineData("train config.py --wrok-dir x", "--wrok-dir")]
    [InlineData("train config.py --seed many", "many")]
    [InlineData("test config.py weights.pth", "--eval bbox, --out FILE, --format-only or --show-dir")]
    [InlineData("test config.py weights.pth --eval bbox --show", "--show-dir FOLDER")]
    [InlineData("test config.py weights.pth --eval bbox --format-only", "exclude each other")]
    [InlineData("convert voc2coco VOC", "--split")]
    [InlineData("analyze", "")]
    [InlineData("", "")]
    public void Run_WrongUsage_ExitsWithTwoAndNamesTheCause(string line, string cause)
    {
        var result = MmdetProcess.Run(Words(line));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(cause, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_UnknownVerb_TellsHowToGoOn() =>
        MmdetProcess.Run("trian", "config.py").Failed(2, "'trian' is no command", "Did you mean train?");

    [Fact]
    public void Run_UnknownOption_TellsWhichWasMeant() =>
        MmdetProcess.Run("train", "config.py", "--wrok-dir", "x")
            .Failed(2, "train has no option --wrok-dir", "--work-dir?");

    [Fact]
    public void Run_UsageOfASecondVerb_NamesBoth() =>
        MmdetProcess.Run("convert", "voc2coco", "VOC", "--to", "x")
            .Failed(2, "convert voc2coco has no option --to", "--split");

    [Fact]
    public void Run_Debug_ShowsTheStack()
    {
        var plain = MmdetProcess.Run("config", "missing.py");
        var debug = MmdetProcess.Run("config", "missing.py", "--debug");

        plain.Failed(1, "missing.py");
        Assert.Equal(1, debug.ExitCode);
        Assert.Contains("   at MMDetSharp.", debug.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_CudaWithoutADevice_SaysSo()
    {
        if (TorchRuntime.CudaDeviceCount > 0)
        {
            return;
        }

        using var blocks = new BlocksFolder(1);
        string[] config = [blocks.Config];
        string[] both = [blocks.Config, blocks.Under("missing.pth")];

        MmdetProcess.Run(["train", .. config, "--work-dir", blocks.Under("work"), "--device", "cuda"])
            .Failed(1, "0 CUDA devices found", "--device cpu");
        MmdetProcess.Run(["test", .. both, "--eval", "bbox", "--device", "cuda:1"]).Failed(1, "--device cpu");
        MmdetProcess.Run(["demo", blocks.ImagePath(0), .. both, "--device", "cuda"]).Failed(1, "--device cpu");
        MmdetProcess.Run(["demo", blocks.ImagePath(0), .. both, "--device", "gpu"]).Failed(1, "gpu", "cuda:");
    }

    [Fact]
    public async Task Process_ResultsAndErrors_GoToTheirStreams()
    {
        using var blocks = new BlocksFolder(1);

        var good = await MmdetProcess.RunAsync("config", blocks.Config, "--json");
        var bad = await MmdetProcess.RunAsync("config", blocks.Under("thin_retinane.py"));

        Assert.Equal((0, ""), (good.ExitCode, good.Errors));
        Assert.StartsWith("{", good.Output, StringComparison.Ordinal);
        Assert.Empty(bad.Output);
        bad.Failed(1, "thin_retinane.py");
    }

    [Fact]
    public void Run_Env_PrintsVersionsAndPlaces()
    {
        var result = MmdetProcess.Run("env").Succeeded();

        Assert.All(
            (string[])["MMDetSharp:", ".NET:", "processors:", "libtorch", "CUDA devices:", "native library:"],
            name => Assert.Contains(name, result.Output, StringComparison.Ordinal));
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

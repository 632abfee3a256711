using MMDetSharp.Cli;
using MMDetSharp.Tests.Engine.Inference;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Cli;

[Collection(UsesConsole.Name)]
public sealed class AnalyzeAnchorsCommandTests
{
    [Fact]
    public void Run_OfACocoFile_PrintsAnchorsAndDrawsThem()
    {
        using var folder = new BlocksFolder();
        var chart = folder.Under("anchors.svg");

        var (code, output) = Run(
            "analyze", "anchors", folder.Under("blocks.json"), "--kmeans", "--clusters", "3", "--size", "96x64",
            "--evolve", "20", "--out", chart);

        Assert.Equal(0, code);
        Assert.Contains("8 images, 16 objects", output, StringComparison.Ordinal);
        Assert.Contains("Darknet:     anchors = ", output, StringComparison.Ordinal);
        Assert.Contains("<circle", File.ReadAllText(chart), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OfAConfig_ReadsItsTrainingSet()
    {
        using var folder = new BlocksFolder();

        var (code, output) = Run("analyze", "anchors", folder.Config, "--clusters", "2", "--distance", "iou");

        Assert.Equal(0, code);
        Assert.Contains("16 objects", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--size", "640y480")]
    [InlineData(1, "--clusters", "99")]
    [InlineData(2, "--distance", "manhattan")]
    public void Run_WrongOption_Fails(int expected, string option, string value)
    {
        using var folder = new BlocksFolder();

        Assert.Equal(expected, Run("analyze", "anchors", folder.Under("blocks.json"), option, value).Code);
    }

    private static (int Code, string Output) Run(params string[] arguments)
    {
        var (console, errors, output) = (Console.Out, Console.Error, new StringWriter());
        Console.SetOut(output);
        Console.SetError(output);
        try
        {
            return (CommandLine.Run(arguments), output.ToString());
        }
        finally
        {
            Console.SetOut(console);
            Console.SetError(errors);
        }
    }
}

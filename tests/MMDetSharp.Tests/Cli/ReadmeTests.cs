using System.Text.RegularExpressions;

using MMDetSharp.Cli;
using MMDetSharp.Engine.Inference;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Cli;

/// <summary>What the README shows works as it stands there.</summary>
[Collection(UsesConsole.Name)]
public sealed partial class ReadmeTests(TrainedCommand trained)
{
    public static TheoryData<string> Commands()
    {
        var commands = new TheoryData<string>();
        string[] documents =
            [RepositoryFolder.Under("README.md"), .. Directory.GetFiles(RepositoryFolder.Under("docs"), "*.md")];
        foreach (var text in documents.Select(File.ReadAllText))
        {
            foreach (Match match in CommandPattern().Matches(text.Replace("\\\n", " ", StringComparison.Ordinal)))
            {
                commands.Add(match.Groups[1].Value.Split('#')[0].Trim());
            }
        }

        return commands;
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Command_OfADocument_IsAccepted(string line)
    {
        string[] words = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)];
        if (words is ["build"])
        {
            return;
        }

        var isMention = words.Length == 1 && words[0] != "quickstart";
        var parsed = CommandLine.Root().Parse(isMention ? [.. words, "--help"] : words);

        Assert.All(parsed.Errors, error => Assert.Fail($"{line}: {error.Message}"));
        Assert.All(
            words.Where(word => word.StartsWith("configs/", StringComparison.Ordinal)),
            config => Assert.True(File.Exists(RepositoryFolder.Under(config)), config));
    }

    [Fact]
    public void Example_OfTheReadme_IsTheOneBelow()
    {
        var example = Assert.Single(Blocks("README.md"), block => block.Language == "csharp");
        var source = File.ReadAllText(RepositoryFolder.Under("tests/MMDetSharp.Tests/Cli/ReadmeTests.cs"));

        Assert.All(example.Text.Split('\n'), line => Assert.Contains(line.Trim(), source, StringComparison.Ordinal));
    }

    [Fact]
    public void Example_OfTheReadme_FindsObjects()
    {
        using var folder = new TemporaryFolder();
        folder.Write("configs/retinanet/retinanet_r50_fpn_coco.py", File.ReadAllText(trained.Blocks.Config));
        File.Copy(trained.Checkpoint, folder.Under("retinanet.pth"));
        File.Copy(trained.Blocks.ImagePath(0), folder.Under("image.jpg"));
        var (place, console) = (Environment.CurrentDirectory, Console.Out);
        using var output = new StringWriter();
        try
        {
            Environment.CurrentDirectory = folder.Path;
            Console.SetOut(output);
            Example();
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = place;
        }

        Assert.Matches(@"^((bright|red) \d\.\d\d \(.*\)\n)*$", output.ToString());
    }

    [Fact]
    public void ChineseReadme_HasTheSameBlocks()
    {
        var english = Blocks("README.md").Select(block => (block.Language, WithoutComments(block.Text)));
        var chinese = Blocks("README.zh-CN.md").Select(block => (block.Language, WithoutComments(block.Text)));

        Assert.Equal(english, chinese);
    }

    private static void Example()
    {
        using var detector = DetectorInferencer.Load("configs/retinanet/retinanet_r50_fpn_coco.py", "retinanet.pth");
        var result = detector.Predict("image.jpg");
        foreach (var found in result.AtLeast(0.3)) Console.WriteLine(found);
    }

    private static List<(string Language, string Text)> Blocks(string document) =>
    [
        .. BlockPattern().Matches(File.ReadAllText(RepositoryFolder.Under(document)))
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value)),
    ];

    private static string WithoutComments(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.Split('#')[0].TrimEnd()));

    [GeneratedRegex(@"(?:^|`)(\./mmdet [^`\n]+)", RegexOptions.Multiline)]
    private static partial Regex CommandPattern();

    [GeneratedRegex(@"^```(\w+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex BlockPattern();
}

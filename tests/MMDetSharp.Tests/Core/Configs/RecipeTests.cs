using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Core.Configs;

/// <summary>What every file below <c>configs/</c> must keep.</summary>
public class RecipeTests
{
    public static TheoryData<string> Recipes()
    {
        var root = RepositoryFolder.Under("configs");
        var files = Directory.EnumerateFiles(root, "*.py", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        return [.. files.Select(file => Path.GetRelativePath(RepositoryFolder.Root, file))];
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Recipe_Any_ResolvesAndSurvivesWritingAndReading(string file)
    {
        var root = Config.Load(RepositoryFolder.Under(file)).Root;

        Assert.True(ConfigValue.Same(root, Config.Parse(ConfigPythonWriter.Write(root)).Root));
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Recipe_Any_BeginsWithAComment(string file)
    {
        var lines = File.ReadAllLines(RepositoryFolder.Under(file));

        Assert.StartsWith("# ", lines[0], StringComparison.Ordinal);
        if (!file.Contains("_base_", StringComparison.Ordinal))
        {
            Assert.Contains(lines, line => $"{line} ".StartsWith($"# ./mmdet train {file} ", StringComparison.Ordinal));
        }
    }
}

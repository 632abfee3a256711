using System.Text.RegularExpressions;

using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Architecture;

/// <summary>Keeps the arrows of docs/architecture.md: a folder may use only what the table gives it.</summary>
public sealed partial class DataFlowTests
{
    // Folder -> the folders it uses. Each stands behind all that it uses: there is no circle.
    private static readonly (string Folder, string[] Uses)[] s_table =
    [
//TABLE
    ];

    // TEMPORARY: arrows that still point the wrong way and close a circle. Remove each with its arrow.
    private static readonly (string From, string To)[] s_circles =
    [
        ("Torch.Interop", "Torch.Tensors"),
        ("Models.Detectors", "Models.ModelRegistry"),
    ];

    private readonly SortedDictionary<(string From, string To), string> _arrows = FolderGraph.Arrows();

    [Fact]
    public void EveryUse_FollowsAnArrow()
    {
        var wrong = _arrows.Where(arrow => !Table().Contains(arrow.Key)).Select(arrow =>
            $"{arrow.Key.From} may not use {arrow.Key.To}: {arrow.Value}. " +
            "Move the code, or draw the arrow in docs/architecture.md and here.");

        Assert.Empty(wrong);
    }

    [Fact]
    public void EveryArrow_IsUsed()
    {
        var wrong = Table().Except(_arrows.Keys).Select(arrow =>
            $"{arrow.From} does not use {arrow.To}. Remove the arrow from docs/architecture.md and from here.");

        Assert.Empty(wrong);
    }

    [Fact]
    public void EveryFolder_StandsBehindWhatItUses()
    {
        var order = s_table.Select((row, place) => (row.Folder, place)).ToDictionary();

        var wrong = _arrows.Where(arrow =>
                order.GetValueOrDefault(arrow.Key.From, -1) < order.GetValueOrDefault(arrow.Key.To, -1))
            .Where(arrow => !s_circles.Contains(arrow.Key))
            .Select(arrow => $"{arrow.Key.From} stands before {arrow.Key.To}: {arrow.Value}. Move the code to the later one.");

        Assert.Empty(wrong);
        Assert.Empty(s_circles.Except(_arrows.Keys));
    }

    [Fact]
    public void EveryNamespace_IsItsFolder()
    {
        var root = RepositoryFolder.Under("src");
        var wrong =
            from file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            let folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('/', '.')
            let name = "MMDetSharp." + NamespaceLine().Match(File.ReadAllText(file)).Groups[1].Value
            where name.Length > "MMDetSharp.".Length && name != folder
            select $"{Path.GetRelativePath(root, file)} has the namespace {name}; its folder says {folder}.";

        Assert.Empty(wrong);
    }

    private static IEnumerable<(string From, string To)> Table() =>
        s_table.SelectMany(row => row.Uses.Select(to => (row.Folder, to)));

    [GeneratedRegex(@"^namespace MMDetSharp\.([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}

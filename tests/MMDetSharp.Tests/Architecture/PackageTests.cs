using System.Xml.Linq;

using Mono.Cecil;

using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Architecture;

public sealed class PackageTests
{
    [Fact]
    public void EveryPackageOfTheProduct_IsUsed()
    {
        var projects = Directory.GetFiles(RepositoryFolder.Under("src"), "*.csproj", SearchOption.AllDirectories);
        var wrong =
            from project in projects
            from package in XDocument.Load(project).Descendants("PackageReference")
            let name = package.Attribute("Include")!.Value
            where !References().Contains(name)
            select $"{Path.GetFileName(project)} names the package {name}, and no code uses it. Remove it.";

        Assert.Empty(wrong);
    }

    private static HashSet<string> References()
    {
        var names = new HashSet<string>();
        foreach (var path in FolderGraph.Assemblies)
        {
            using var assembly = AssemblyDefinition.ReadAssembly(path);
            names.UnionWith(assembly.MainModule.AssemblyReferences.Select(reference => reference.Name));
        }

        return names;
    }
}
